import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

export const TEMPLATE = 'e2e_template';
const main = join(import.meta.dirname, '..', '..', 'src', 'store', 'main.ts');

/** One PostgreSQL for the run, and the trial's organisation in it once: every spec works on a copy of its own. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-e2e-'));
  // Its specs end stores and consoles in the middle, never this server, so nothing of theirs rests on its disk.
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), durable: false });
  const admin = new pg.Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await promisify(execFile)(process.execPath, [main, 'seed', '--trial', '--database-url', postgres.url(TEMPLATE)]);
  process.env['CHASQUI_E2E_POSTGRES'] = postgres.url('postgres');
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
