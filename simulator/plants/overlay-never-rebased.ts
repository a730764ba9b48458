import { plantOf } from './plant.ts';

/** What lies over a row stays as it was made first, whatever comes under it. */
export const overlayNeverRebased = plantOf(() => ({
  cache: (port) => ({
    ...port,
    transaction(work) {
      const held = new Set(port.overlaid());
      return port.transaction((tx) =>
        work({
          ...tx,
          setOverlay(id, overlay) {
            if (overlay === null || !held.has(id)) tx.setOverlay(id, overlay);
          },
        }),
      );
    },
  }),
}));
