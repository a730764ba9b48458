import { plantOf } from './plant.ts';

/** Nobody remembers that a click was answered: the second one of an impatient hand writes again. */
export const requestForgotten = plantOf(() => ({
  outbox: (port) => ({ ...port, answerTo: () => null }),
}));
