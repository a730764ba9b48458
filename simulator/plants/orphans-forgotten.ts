import { plantOf } from './plant.ts';

/** What waits for a ticket that a restored store does not have is left lying when the ticket comes back. */
export const orphansForgotten = plantOf(() => ({
  store: ({ desks, changes }) => ({
    changes,
    desks: {
      ...desks,
      transactMarked: (deskId, sessionId, work) =>
        desks.transactMarked(deskId, sessionId, (tx) =>
          work({
            ...tx,
            async lockOrphans(ticketIds) {
              await tx.lockOrphans(ticketIds);
              return [];
            },
          }),
        ),
    },
  }),
}));
