import { v7 } from 'uuid';
import type { RandomPort } from '../core/ports/random.ts';

export const nodeRandom: RandomPort = { id: () => v7(), fraction: () => Math.random() };
