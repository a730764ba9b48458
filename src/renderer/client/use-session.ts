import type { SessionInfo } from '../../protocol/sync/auth.ts';
import { assert } from '../../shared/assert.ts';
import { useQuery } from './use-query.ts';

/** The person at this console. Only below the shell, which stands on a session. */
export function useSession(): SessionInfo {
  const { data } = useQuery('session.get', {}, ['session']);
  const session = data?.session ?? null;
  assert(session !== null, 'a screen of the shell stands without a session');
  return session;
}

/** The link with the store, or undefined before the first answer. */
export const useConnection = () => useQuery('connection.get', {}, ['connection', 'session', 'outbox']).data;
