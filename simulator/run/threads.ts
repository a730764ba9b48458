import { Worker } from 'node:worker_threads';
import type { Sweep } from './sweep.ts';

export interface SweepRequest {
  readonly from: number;
  readonly seeds: number;
  readonly plant: string | null;
}

/** Young objects are most of what a history makes: room for them halves what collecting them costs. */
const YOUNG_MB = 64;

const add = (a: Sweep, b: Sweep): Sweep => {
  const earlier = a.failure === null || (b.failure !== null && b.failure.seed < a.failure.seed) ? b.failure : a.failure;
  return {
    histories: a.histories + b.histories,
    commands: a.commands + b.commands,
    faults: a.faults + b.faults,
    events: a.events + b.events,
    failure: earlier,
    cpuMs: a.cpuMs + b.cpuMs,
  };
};

function inThread(requests: readonly SweepRequest[]): Promise<Sweep[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sweep-worker.ts', import.meta.url), {
      workerData: requests,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the simulator ended with ${code}`)));
  });
}

/** One range of seeds over several threads, each a share of it. Each stops at its first broken rule; the earliest seed is told. */
export async function sweepInThreads(request: SweepRequest, threads: number): Promise<Sweep> {
  const share = Math.ceil(request.seeds / threads);
  const parts = Array.from({ length: threads }, (_, n) => ({
    ...request,
    from: request.from + n * share,
    seeds: Math.max(0, Math.min(share, request.seeds - n * share)),
  })).filter(({ seeds }) => seeds > 0);
  const before = process.cpuUsage();
  const done = await Promise.all(parts.map((part) => inThread([part])));
  const { user, system } = process.cpuUsage(before);
  // Each thread is told the time of the whole process, its compiler and its collector of garbage included: counted once.
  return { ...done.flat().reduce(add), cpuMs: (user + system) / 1_000 };
}

/** Several ranges, dealt out over threads; the answers in the order of the requests. */
export async function sweepAll(requests: readonly SweepRequest[], threads: number): Promise<Sweep[]> {
  const hands = Array.from({ length: threads }, (_, n) => requests.filter((_request, at) => at % threads === n));
  const done = await Promise.all(hands.map(inThread));
  return requests.map((_, at) => {
    const sweep = done[at % threads]?.[Math.floor(at / threads)];
    if (sweep === undefined) throw new Error('a thread of the simulator left a range out');
    return sweep;
  });
}
