import { fileURLToPath } from 'node:url';

/** Bugs that a run has to find. Each is one that the product could have. */
export const plantNames = ['dropped-tail', 'written-twice', 'answered-uncommitted'] as const;
export type PlantName = (typeof plantNames)[number];

/** Modules that a store loads before itself. */
export const storePreload = (plant: PlantName | null): string[] =>
  plant === 'answered-uncommitted' ? [fileURLToPath(new URL('./answered-uncommitted.ts', import.meta.url))] : [];
