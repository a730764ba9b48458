import { fileURLToPath } from 'node:url';

/** Bugs that a run has to find. Each is one that the product could have. */
export const plantNames = [
  'dropped-tail',
  'written-twice',
  'answered-uncommitted',
  'altered-text',
  'applied-without-entry',
  'store-stays-down',
  'console-hangs',
] as const;
export type PlantName = (typeof plantNames)[number];

const inStore: Partial<Record<PlantName, string>> = {
  'answered-uncommitted': './answered-uncommitted.ts',
  'applied-without-entry': './applied-without-entry.ts',
  'store-stays-down': './store-stays-down.ts',
};
/** Modules that a store loads before itself. */
export function storePreload(plant: PlantName | null): string[] {
  const module = plant === null ? undefined : inStore[plant];
  return module === undefined ? [] : [fileURLToPath(new URL(module, import.meta.url))];
}
