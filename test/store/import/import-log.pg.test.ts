import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDesk } from '../../../src/store/admin/verify.ts';
import { createPasswords } from '../../../src/store/auth/passwords.ts';
import { sha256 } from '../../../src/store/commands/sha256.ts';
import { createDeskStore } from '../../../src/store/db/desk-store.ts';
import { type ImportReport, importLog } from '../../../src/store/import/bpic13/import-log.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

const file = fileURLToPath(new URL('sample-log.csv', import.meta.url));
let database: TestDatabase;

async function runImport(shouldStop = () => false): Promise<ImportReport> {
  const { db } = database;
  const deps = {
    db,
    passwords: createPasswords(),
    desks: createDeskStore(db),
    sha256,
    now: Date.now,
    onProgress: () => undefined,
  };
  const done = await importLog({ ...deps, shouldStop }, file);
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
}

describe('replaying a log of another desk', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('R11 R13 the store’s own counts are the log’s, and what does not fit is named', async () => {
    const report = await runImport();
    expect(report.differences).toEqual([]);
    expect(report.store).toEqual({
      tickets: 3,
      moves: { '1→2': 1, '3→1': 1, '1→3': 1, '3→2': 1 },
      startsAt: { '1': 2, '3': 1 },
      reopenings: 1,
    });
    expect(report.tally).toMatchObject({
      reopened: 1,
      reopenedAfterUnmapped: 1,
      reopenedForMove: 1,
      regrouped: 1,
      unchanged: 1,
      unmapped: 1,
      approximated: 1,
      refused: [],
    });
    expect(report.submitted.refused).toEqual([]);
    expect(report.unreadable).toEqual([{ line: 21, why: 'line' }]);
    expect((await verifyDesk(database.db, report.deskId, 'log')).faults).toEqual([]);
  });

  it('SY2 a second run of the same file writes nothing', async () => {
    const before = await database.db.pool.query('select count(*)::int as n from entries');
    const report = await runImport();
    expect(report.submitted).toMatchObject({ resumedAt: report.submitted.total, verdicts: {} });
    expect(await database.db.pool.query('select count(*)::int as n from entries').then((r) => r.rows)).toEqual(
      before.rows,
    );
  });

  it('R15 keeps the times of the log, the resource as author and the importer as submitter', async () => {
    const { rows } = await database.db.pool.query<{
      entry: { actorId: string; submitterId: string; occurredAt: number; event: { duringCall: boolean } };
    }>(
      `select doc::jsonb as entry from entries where doc::jsonb #>> '{event,type}' = 'resolved' and (doc::jsonb #>> '{event,duringCall}')::boolean`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.entry).toMatchObject({ occurredAt: Date.parse('2012-04-01T06:45:00Z') });
    expect(rows[0]?.entry.submitterId).not.toBe(rows[0]?.entry.actorId);
  });
});
