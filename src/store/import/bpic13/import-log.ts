import { err, ok, type Result } from '../../../shared/result.ts';
import { createDesk, putDirectory } from '../../admin/desks.ts';
import type { Passwords } from '../../auth/passwords.ts';
import type { PushDeps, PushFailure } from '../../commands/process-push.ts';
import type { Database } from '../../db/pool.ts';
import { ensureProgram } from '../program-principal.ts';
import { type SubmitReport, submitPlan } from '../submit-plan.ts';
import type { CaseTally } from './case-tally.ts';
import { importId } from './mapping.ts';
import { type LogCounts, planLog } from './plan-log.ts';
import { readLog } from './read-log.ts';
import { differences, storeCounts } from './store-counts.ts';

export interface ImportDeps extends PushDeps {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly onProgress: (done: number, total: number) => void;
  readonly shouldStop: () => boolean;
}
export interface ImportReport {
  readonly deskId: string;
  readonly submitted: SubmitReport;
  readonly log: LogCounts;
  readonly store: LogCounts;
  /** What became of the rows that are no plain act; see docs/import-bpic13.md. */
  readonly tally: CaseTally;
  readonly unreadable: readonly { readonly line: number; readonly why: string }[];
  /** Empty when the store's counts are the log's. */
  readonly differences: readonly string[];
}

/**
 * Replays BPI Challenge 2013 through the command processing into a desk of its own, whose window of closed tickets has no
 * end. Everything is named after the file's hash, so that a run that was stopped goes on, and a second run writes nothing.
 */
export async function importLog(deps: ImportDeps, path: string): Promise<Result<ImportReport, PushFailure>> {
  const log = await readLog(path);
  const id = (...parts: (string | number)[]) => importId(log.fileHash, ...parts);
  const deskId = id('desk');
  const now = deps.now();
  await createDesk(deps.db, {
    id: deskId,
    name: 'BPI Challenge 2013',
    epoch: id('epoch'),
    now,
    settings: { closedWindowDays: null, numberPrefix: 'BPI' },
  });
  const personId = id('importer');
  const plan = planLog(log, personId);
  await putDirectory(deps.db, deskId, plan.directory);
  const principal = await ensureProgram(deps, {
    deskId,
    user: `import-${log.fileHash.slice(0, 12)}`,
    name: 'Importación BPIC 2013',
    accountId: id('account'),
    personId,
    deviceId: id('device'),
    now,
  });
  const submitted = await submitPlan({ ...deps, principal, incarnation: id('incarnation') }, plan.commands);
  if (!submitted.ok) return err(submitted.error);
  const store = await storeCounts(deps.db, deskId);
  return ok({
    deskId,
    submitted: submitted.value,
    log: plan.counts,
    store,
    tally: plan.tally,
    unreadable: log.unreadable,
    differences: submitted.value.stopped ? [] : differences(plan.counts, store),
  });
}
