import { plantOf } from './plant.ts';

/** The draft is thrown away before the act that was made of it is written. */
export const draftClearedFirst = plantOf(() => ({
  outbox: (port) => ({
    ...port,
    append(input) {
      if (input.clearDraft !== null) port.discardDraft(input.clearDraft.key);
      return port.append({ ...input, clearDraft: null });
    },
  }),
}));
