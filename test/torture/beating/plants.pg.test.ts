import { it } from 'vitest';
import type { PlantName } from '../../../torture/plants/index.ts';
import { isFoundOut } from './found-out.ts';

const cases: readonly (readonly [PlantName, readonly string[], number])[] = [
  ['dropped-tail', ['SY1'], 0.4],
  ['written-twice', ['SY2'], 0.4],
  // A restore brings back what its console holds as answered, late: out of order then, and not lost.
  ['answered-uncommitted', ['SY1', 'SY3'], 0.4],
  ['altered-text', ['SY1'], 0.25],
  ['applied-without-entry', ['SY2'], 0.25],
];
it.each(cases)('a product with %s is found out by %j: exit code 1, evidence kept', isFoundOut, 600_000);
