import { describe, expect, it } from 'vitest';
import { memoryPorts } from './memory-ports.ts';
import { postgresPorts } from './postgres-ports.ts';
import { runHistory } from './random-history.ts';
import { runRestored } from './restored-history.ts';

const open = postgresPorts();
const STEPS = 120;
const seeds = [1, 2, 3, 4, 5, 6];

function expectSame(memory: readonly string[], postgres: readonly string[]): void {
  for (const [at, line] of postgres.entries()) expect(memory[at]).toBe(line);
  expect(memory).toHaveLength(postgres.length);
}

describe('memory and PostgreSQL answer alike, to the byte', () => {
  it.each(seeds)('SY4 SY6 SY7 SY11 history %i', async (seed) => {
    expectSame(await runHistory(async () => memoryPorts(), seed, STEPS), await runHistory(open, seed, STEPS));
  });

  it.each(seeds)('SY14 history %i, lost and handed in again', async (seed) => {
    const [memory, postgres] = [
      await runRestored(async () => memoryPorts(), seed, STEPS),
      await runRestored(open, seed, STEPS),
    ];
    expectSame(memory.transcript, postgres.transcript);
  });
});
