import type { Command } from 'commander';
import type { BlobPlace } from '../blobs/open-blobs.ts';
import type { Database } from '../db/pool.ts';
import { addPlaceOptions, type BlobPlaceFlags, readBlobPlace } from './blob-options.ts';
import { withDatabase } from './with-database.ts';

export function addVerify(program: Command): void {
  const verify = program
    .command('verify')
    .description(
      'check every desk against itself: log, timelines, columns, commands and their chains, numbers, orphans, files; 1 when something does not add up',
    )
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--json', 'print one JSON object a desk');
  addPlaceOptions(verify).action((flags: BlobPlaceFlags & { databaseUrl?: string; json?: boolean }) => {
    const place = readBlobPlace(flags);
    return withDatabase(flags.databaseUrl, async (db) => {
      const { verifyDesk } = await import('../admin/verify.ts');
      const lost = place === null ? null : await lookForFiles(place, db);
      const { rows } = await db.pool.query<{ id: string; name: string }>(
        'select id, name from desks order by created_at',
      );
      for (const desk of rows) {
        const found = await verifyDesk(db, desk.id, desk.name);
        const missing = lost === null ? [] : await lost(desk.id);
        const report = { ...found, faults: [...found.faults, ...missing] };
        if (report.faults.length + report.doubts.length > 0) process.exitCode = 1;
        if (flags.json) {
          process.stdout.write(`${JSON.stringify(report)}\n`);
          continue;
        }
        const moves = Object.entries(report.tierMoves).map(([move, count]) => `${move} ${count}`);
        const lines = [
          `${report.name}: ${report.tickets} tickets, ${report.entries} entries, ${report.commands} commands, ${report.logRows} changes`,
          ...(report.waiting === 0
            ? []
            : [`  ${report.waiting} commands from before a restore wait for tickets that no console has brought back`]),
          `  moves between tiers: ${moves.join(', ') || 'none'}`,
          ...report.faults.map((fault) => `  FAULT ${fault}`),
          ...report.doubts.map((doubt) => `  DOUBT ${doubt}`),
          ...(report.faults.length + report.doubts.length === 0 ? ['  everything adds up'] : []),
        ];
        process.stdout.write(`${lines.join('\n')}\n`);
      }
    });
  });
}

/** Names the files that the database knows and the place lacks. */
async function lookForFiles(place: BlobPlace, db: Database): Promise<(deskId: string) => Promise<string[]>> {
  const [{ openBlobStore }, { missingFiles }, { standingOf, standingWords }, { BlobsUnavailable }] = await Promise.all([
    import('../blobs/open-blobs.ts'),
    import('../blobs/blob-report.ts'),
    import('../blobs/place-mark.ts'),
    import('../blobs/blob-store.ts'),
  ]);
  const store = openBlobStore(place);
  return async (deskId) => {
    try {
      const wrong = standingWords(store.place, await standingOf(db, store));
      // Else every file there is would be named.
      if (wrong !== null) return [`files: ${wrong}`];
      const missing = await missingFiles(db, store, deskId);
      return missing.map(({ sha256, size }) => `files: ${sha256}, ${size} bytes, is not at its place`);
    } catch (error) {
      if (!(error instanceof BlobsUnavailable)) throw error;
      return [`files: ${store.place} does not answer: ${error.message}`];
    }
  };
}
