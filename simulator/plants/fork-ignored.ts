import { ok } from '../../src/shared/result.ts';
import { plantOf } from './plant.ts';

/** A chain that the store does not follow is gone on with; only a row that cannot be read still makes a new one. */
export const forkIgnored = plantOf(() => ({
  outbox: (port) => ({
    ...port,
    relink: (identity, commands, quarantine) =>
      quarantine.length > 0 ? port.relink(identity, commands, quarantine) : ok(null),
  }),
}));
