import type { SessionInfo } from '../../protocol/sync/auth.ts';
import { assert } from '../../shared/assert.ts';
import { useQuery, useQueryPart } from './use-query.ts';

/** The person at this console. Only below the shell, which stands on a session. */
export function useSession(): SessionInfo {
  const { data } = useQuery('session.get', {}, ['session']);
  const session = data?.session ?? null;
  assert(session !== null, 'a screen of the shell stands without a session');
  return session;
}

const linkViews = ['connection', 'session', 'outbox'] as const;

/** The link with the store, or undefined before the first answer. Changes with every page of a first fill. */
export const useConnection = () => useQuery('connection.get', {}, linkViews).data;

/** How the link stands, for whoever needs nothing more of it. */
export const useLinkState = () => useQueryPart('connection.get', {}, linkViews, (connection) => connection?.state);
