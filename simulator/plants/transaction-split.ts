import type { ChangeReads } from '../../src/store/changes/change-reads.ts';
import { plantOf } from './plant.ts';

/** A page of the log ends where it is full, in the middle of a transaction or not. */
export const transactionSplit = plantOf(() => {
  const paged = (reads: ChangeReads): ChangeReads => ({ ...reads, logAfter: (seq) => reads.logAfter(seq, 3) });
  return {
    store: ({ desks, changes }) => ({
      desks,
      changes: {
        atOnce: (deskId, work) => changes.atOnce(deskId, (reads) => work(paged(reads))),
        async nearHead(deskId, asked) {
          const near = await changes.nearHead(deskId, asked);
          return { ...near, log: near.log.slice(0, 3) };
        },
        live: (deskId) => paged(changes.live(deskId)),
      },
    }),
  };
});
