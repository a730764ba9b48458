import type { Command } from 'commander';
import { withDatabase } from './with-database.ts';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check every desk against itself: log, timelines, columns, commands; 1 when something does not add up')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--json', 'print one JSON object a desk')
    .action((flags: { databaseUrl?: string; json?: boolean }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const { verifyDesk } = await import('../admin/verify.ts');
        const { rows } = await db.pool.query<{ id: string; name: string }>(
          'select id, name from desks order by created_at',
        );
        for (const desk of rows) {
          const report = await verifyDesk(db, desk.id, desk.name);
          if (report.faults.length > 0) process.exitCode = 1;
          if (flags.json) {
            process.stdout.write(`${JSON.stringify(report)}\n`);
            continue;
          }
          const moves = Object.entries(report.tierMoves).map(([move, count]) => `${move} ${count}`);
          const lines = [
            `${report.name}: ${report.tickets} tickets, ${report.entries} entries, ${report.commands} commands, ${report.logRows} changes`,
            ...(report.waiting === 0
              ? []
              : [
                  `  ${report.waiting} commands from before a restore wait for tickets that no console has brought back`,
                ]),
            `  moves between tiers: ${moves.join(', ') || 'none'}`,
            ...(report.faults.length === 0
              ? ['  everything adds up']
              : report.faults.map((fault) => `  FAULT ${fault}`)),
          ];
          process.stdout.write(`${lines.join('\n')}\n`);
        }
      }),
    );
}
