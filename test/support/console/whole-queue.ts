import type { QueueQuery } from '../../../src/protocol/console/rows.ts';

/** Every ticket that a console holds, the most urgent first: what a test or a bench narrows down. */
export const wholeQueue: QueueQuery = {
  view: 'all',
  status: 'any',
  siteId: null,
  teamId: null,
  assigneeId: null,
  kind: null,
  tier: null,
  text: '',
  sort: { by: 'priority', dir: 'desc' },
  offset: 0,
  limit: 50,
};
