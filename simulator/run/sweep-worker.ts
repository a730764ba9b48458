import { parentPort, workerData } from 'node:worker_threads';
import { plants } from '../plants/index.ts';
import { noPlant } from '../plants/plant.ts';
import { type Sweep, sweep } from './sweep.ts';
import type { SweepRequest } from './threads.ts';

// Given by `threads.ts`, in this very shape.
const requests = workerData as readonly SweepRequest[];
const done: Sweep[] = [];
for (const { from, seeds, plant } of requests)
  done.push(await sweep({ from, seeds, plant: plant === null ? noPlant : (plants[plant] ?? noPlant) }));
parentPort?.postMessage(done);
