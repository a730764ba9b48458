import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { profileFiles } from '../console/files.ts';

const LOST = 8;

/**
 * An outbox that is not synced (`synchronous = OFF`) and a machine that went out: what was written last is gone at the next start,
 * and the chain ends before it. Only what no store has answered.
 */
export function dropTail(dataDir: string): void {
  const files = profileFiles(dataDir);
  if (files === null || !existsSync(files.outbox)) return;
  const db = new Sqlite(files.outbox);
  try {
    db.pragma('synchronous = OFF');
    db.exec(`
      delete from commands where outcome is null
        and pos in (select pos from commands order by pos desc limit ${LOST});
      update identity set
        last_n = coalesce((select max(n) from commands where incarnation = identity.incarnation), 0),
        last_hash = coalesce((select hash from commands where incarnation = identity.incarnation order by n desc limit 1), last_hash)`);
  } catch {
    // A file that was damaged besides: the console salvages it.
  } finally {
    db.close();
  }
}
