import { plantOf } from './plant.ts';

/** A row of the outbox that cannot be read is left out of the line, and nobody is told. */
export const unreadableSkipped = plantOf(() => ({
  outbox: (port) => ({
    ...port,
    toSend: (limit) => port.toSend(limit).filter((row) => row.kind === 'command'),
    unanswered: (limit) => port.unanswered(limit).filter((row) => row.kind === 'command'),
  }),
}));
