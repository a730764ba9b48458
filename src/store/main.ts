import { Command, CommanderError } from 'commander';
import { addAccount } from './cli/account.ts';
import { addAttachments } from './cli/attachments.ts';
import { addBackup } from './cli/backup.ts';
import { addDoctor } from './cli/doctor.ts';
import { addImport } from './cli/import.ts';
import { addMigrate } from './cli/migrate.ts';
import { addOrphans } from './cli/orphans.ts';
import { addRestore } from './cli/restore.ts';
import { addSeed } from './cli/seed.ts';
import { addServe } from './cli/serve.ts';
import { addTrial } from './cli/trial.ts';
import { addVerify } from './cli/verify.ts';
import { ConfigError } from './runtime-config.ts';

/** Loads what knows the database's own failures only when something failed. */
const unavailable = async (error: unknown) => (await import('./db/conflicts.ts')).isUnavailable(error);

const program = new Command('store')
  .description('The shared ticket store of Chasqui.')
  .showHelpAfterError()
  .exitOverride();
for (const add of [
  addServe,
  addMigrate,
  addAccount,
  addVerify,
  addDoctor,
  addBackup,
  addRestore,
  addOrphans,
  addAttachments,
  addTrial,
  addSeed,
  addImport,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else if (await unavailable(error)) {
    process.stderr.write('The database of --database-url does not answer: is it running, and is the address right?\n');
    process.exitCode = 2;
  } else if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    process.stderr.write(
      'The port of --port, --blobs-port or --metrics-port is taken by another program: choose another, or 0 for a free one.\n',
    );
    process.exitCode = 2;
  } else {
    throw error;
  }
}
