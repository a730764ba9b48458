import { parentPort, workerData } from 'node:worker_threads';
import { plants } from '../plants/index.ts';
import { noPlant } from '../plants/plant.ts';
import { sweep } from './sweep.ts';
import type { SweepRequest } from './threads.ts';

// Given by `threads.ts`, in this very shape.
const { from, seeds, plant } = workerData as SweepRequest;
parentPort?.postMessage(await sweep({ from, seeds, plant: plant === null ? noPlant : (plants[plant] ?? noPlant) }));
