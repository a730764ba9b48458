import { it } from 'vitest';
import type { PlantName } from '../../../torture/plants/index.ts';
import { isFoundOut } from './found-out.ts';

// Beside the other plants, in a file of their own: these wait for what never comes.
const cases: readonly PlantName[] = ['store-stays-down', 'console-hangs'];
it.each(cases)(
  'a product in which %s ends the run with a breach that names it: exit code 1, evidence kept',
  (plant) => isFoundOut(plant, ['HANG'], 0.1),
  600_000,
);
