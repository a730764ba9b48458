import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { StoreErrorCode } from '../../protocol/sync/auth.ts';
import { PROTOCOL_VERSION } from '../../protocol/versions.ts';
import { storeVersion } from '../version.ts';
import { createFileMetrics, type FileMetrics } from './file-metrics.ts';

/** What one command came to. `code`: why, on a refusal. */
export interface CommandVerdict {
  readonly verdict: string;
  readonly code: string | null;
  readonly replayed: boolean;
}

/**
 * What one store process counts of itself. Labels are of closed sets that this program writes (routes, codes, verdicts): never a
 * name, an id or a word of anybody.
 */
export interface StoreMetrics {
  readonly registry: Registry;
  readonly files: FileMetrics;
  /** A request that came to its end. `route`: as declared; null: none. `status` null: the asker left before. `failure`: code of the error body. */
  answered(route: string | null, status: number | null, ms: number, failure: StoreErrorCode | null): void;
  pushed(commands: readonly CommandVerdict[]): void;
}

/** Seconds. 0.3 is what the design allows the 95th of a hundred pushes. */
const LATENCY = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30];
const BATCH = [1, 2, 5, 10, 25, 50, 100, 250, 500];
/** Open for as long as there is no news: its length says nothing. */
export const POKE_ROUTE = '/sync/v1/poke';

export function createStoreMetrics(): StoreMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'chasqui_build_info',
    help: 'Always 1. Version of the store, of Node and of the protocol in the labels.',
    labelNames: ['version', 'node', 'protocol'],
    registers,
  }).set({ version: storeVersion(), node: process.version, protocol: String(PROTOCOL_VERSION) }, 1);
  const latency = new Histogram({
    name: 'chasqui_request_duration_seconds',
    help: 'From the arrival of a request to the last byte of its answer, or until the asker left (status="gaveUp"): pushes are route="/sync/v1/push", pulls "/sync/v1/pull". Without poke, which stays open.',
    labelNames: ['route', 'status'],
    buckets: LATENCY,
    registers,
  });
  const failures = new Counter({
    name: 'chasqui_request_failures_total',
    help: 'Requests answered with an error body, by its code.',
    labelNames: ['code'],
    registers,
  });
  const commands = new Counter({
    name: 'chasqui_commands_total',
    help: 'Commands answered, by verdict. replayed="true": stored before, and answered with the first answer again.',
    labelNames: ['verdict', 'replayed'],
    registers,
  });
  const refusals = new Counter({
    name: 'chasqui_command_refusals_total',
    help: 'Commands refused for the first time, by the code of the refusal.',
    labelNames: ['code'],
    registers,
  });
  const batch = new Histogram({
    name: 'chasqui_push_commands',
    help: 'Commands answered in one push.',
    buckets: BATCH,
    registers,
  });

  return {
    registry,
    files: createFileMetrics(registry),
    answered(route, status, ms, failure) {
      const kind = status === null ? 'gaveUp' : `${Math.floor(status / 100)}xx`;
      if (route !== POKE_ROUTE) latency.observe({ route: route ?? 'none', status: kind }, ms / 1_000);
      if (failure !== null) failures.inc({ code: failure });
    },
    pushed(answered) {
      batch.observe(answered.length);
      for (const { verdict, code, replayed } of answered) {
        commands.inc({ verdict, replayed: String(replayed) });
        if (code !== null && !replayed) refusals.inc({ code });
      }
    },
  };
}
