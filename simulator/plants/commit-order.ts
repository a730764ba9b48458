import type { ChangeReads, LogRow } from '../../src/store/changes/change-reads.ts';
import { plantOf } from './plant.ts';

/**
 * Numbers are given before the commit, so a reader sees later places of the log while an earlier transaction is still under way,
 * and its cursor passes over the hole.
 */
export const commitOrder = plantOf(({ scheduler, chance }) => {
  const visibleAt = new Map<number, number>();
  const isVisible = ({ txid }: LogRow): boolean => {
    const known = visibleAt.get(txid);
    const at = known ?? scheduler.now() + (chance.happens(0.15) ? chance.between(50, 900) : 0);
    if (known === undefined) visibleAt.set(txid, at);
    return at <= scheduler.now();
  };
  const holed = (reads: ChangeReads): ChangeReads => ({
    ...reads,
    logAfter: async (seq, limit) => (await reads.logAfter(seq, limit)).filter(isVisible),
  });
  return {
    store: ({ desks, changes }) => ({
      desks,
      changes: {
        atOnce: (deskId, work) => changes.atOnce(deskId, (reads) => work(holed(reads))),
        async nearHead(deskId, asked) {
          const near = await changes.nearHead(deskId, asked);
          return { ...near, log: near.log.filter(isVisible) };
        },
        live: (deskId) => holed(changes.live(deskId)),
      },
    }),
  };
});
