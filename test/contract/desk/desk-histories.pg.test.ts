import { expect, it } from 'vitest';
import { memoryPorts } from './memory-ports.ts';
import { postgresPorts } from './postgres-ports.ts';
import { runHistory } from './random-history.ts';

const STEPS = 120;

it.each([1, 2, 3, 4, 5, 6])(
  'SY4 SY6 SY7 SY11 history %i is answered alike, to the byte, by memory and by PostgreSQL',
  async (seed) => {
    const [memory, postgres] = [
      await runHistory(async () => memoryPorts(), seed, STEPS),
      await runHistory(postgresPorts, seed, STEPS),
    ];
    for (const [at, line] of postgres.entries()) expect(memory[at]).toBe(line);
    expect(memory).toHaveLength(postgres.length);
  },
);
