import type { LinkFaults } from '../link/faults.ts';
import type { LinkTrouble } from '../plan/plan.ts';

/** Each trouble of a link in the words of the proxy. */
export const troubles: Record<LinkTrouble, LinkFaults> = {
  slow: { up: { delayMs: [100, 400] }, down: { delayMs: [100, 400] } },
  lossy: { up: { loss: { chance: 0.05 } }, down: { loss: { chance: 0.05 } } },
  cuts: { cut: { chance: 0.7, afterBytes: [200, 20_000] }, cutEvery: { ms: [500, 2_500] } },
  halfOpen: { halfOpen: { chance: 0.5, afterBytes: [0, 8_000] } },
  drip: { up: { bytesPerSecond: 4_000 }, down: { bytesPerSecond: 4_000 } },
  heldStreams: { holdStreams: { bytes: 65_536, ms: 30_000 } },
  refused: { outage: 'refused' },
  silent: { outage: 'silent' },
};
