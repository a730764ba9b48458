import type { Command } from 'commander';
import { withDatabase } from './with-database.ts';

export function addOrphans(program: Command): void {
  program
    .command('orphans')
    .description('commands from before a restore whose ticket no console has brought back yet, with their content')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--json', 'print one JSON object a command')
    .action((flags: { databaseUrl?: string; json?: boolean }) =>
      withDatabase(flags.databaseUrl, async (db) => {
        const { listOrphans } = await import('../admin/orphans.ts');
        const waiting = await listOrphans(db);
        for (const { desk, ticketId, type, author, recordedAt, payload, commandId } of waiting) {
          process.stdout.write(
            flags.json
              ? `${JSON.stringify({ desk, commandId, ticketId, type, author, recordedAt, payload })}\n`
              : `${desk}: ticket ${ticketId}: ${type} by ${author}, received ${new Date(recordedAt).toISOString()}\n  ${JSON.stringify(payload)}\n`,
          );
        }
        if (waiting.length === 0 && !flags.json) process.stdout.write('None waits.\n');
      }),
    );
}
