import { plantOf } from './plant.ts';

/** An act is written without the upload of its file: a text says that there is one, and it never comes. */
export const uploadForgotten = plantOf(() => ({
  outbox: (port) => ({ ...port, append: (input) => port.append({ ...input, uploads: [] }) }),
}));
