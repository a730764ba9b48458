import type { Connection } from '../../../protocol/console/rows.ts';
import { useQuery } from '../../client/use-query.ts';
import { useConnection } from '../../client/use-session.ts';

/**
 * The link as the shell tells it. A store that answers, but holds back an act that it cannot know yet, is too old for this
 * console as much as one that does not know its messages: it says so, instead of sending for ever.
 */
export function useLink(): Connection | undefined {
  const connection = useConnection();
  const sends = connection?.state === 'online' && connection.pendingActs > 0;
  const items = useQuery('outbox.list', sends ? {} : null, ['outbox', 'session']).data?.items;
  return connection !== undefined && sends && items?.some(({ state }) => state === 'held') === true
    ? { ...connection, state: 'storeTooOld' }
    : connection;
}
