import { isOpenStatus, type PeerRow } from '../support/rows.ts';
import type { PouchDoc } from './pouch.ts';

/** Documents a batch of replication and of indexing. */
export const BATCH = 1_000;

/** Documents of the one database that a PouchDB desk has. */
export const pouchDoc = (row: PeerRow): PouchDoc =>
  row.entity === 'ticket'
    ? { _id: row.id, entity: 'ticket', ...row.queue, doc: row.doc }
    : { _id: row.id, entity: 'note', ticketId: row.ticketId, seq: row.seq, doc: row.doc };

/** RxDB has a database a collection, and indexes no null: nobody is the empty text. */
export const collectionDoc = (row: PeerRow): PouchDoc =>
  row.entity === 'ticket'
    ? {
        _id: row.id,
        ...row.queue,
        open: isOpenStatus(row.queue.status) ? 0 : 1,
        assignee: row.queue.assignee ?? '',
        doc: row.doc,
      }
    : { _id: row.id, ticketId: row.ticketId, seq: row.seq, doc: row.doc };

/**
 * Every index that the queue needs as one view, since PouchDB reads all documents once a view: the whole queue, a team's, an assignee's,
 * one status', and a ticket's notes in their order. Kept as the text that PouchDB stores in its design document.
 */
export const queueView: PouchDoc = {
  _id: '_design/desk',
  views: {
    by: {
      map: `function (d) {
        if (d.entity === 'ticket') {
          var open = d.status === 'new' || d.status === 'assigned' || d.status === 'inProgress' || d.status === 'pending' ? 0 : 1;
          emit(['queue', open, d.rank, d.registeredAt, d._id]);
          emit(['status', d.status, d.rank, d.registeredAt]);
          emit(['team', d.team, open, d.rank, d.registeredAt]);
          if (d.assignee) emit(['assignee', d.assignee, open, d.rank, d.registeredAt]);
        } else if (d.entity === 'note') emit(['note', d.ticketId, d.seq]);
      }`,
    },
  },
};
