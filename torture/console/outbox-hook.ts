import { BroadcastChannel } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { FULL_FROM_THE_START, HOOK_CHANNEL } from './wire.ts';

const messageSchema = z.object({
  data: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('arm'),
      arm: z.object({ at: z.enum(['inside', 'committed']), after: z.int() }),
    }),
    z.object({ kind: z.literal('fill'), full: z.boolean() }),
  ]),
});
type Work = (...args: unknown[]) => unknown;
const die = () => process.kill(process.pid, 'SIGKILL');
const NO_LIMIT = 1_073_741_823;

/**
 * Where no small disk can be mounted: SQLite says SQLITE_FULL when a transaction wants a page more than the file has. It is not the ENOSPC of a
 * disk: what fits into the pages that there are is written, the log beside the file grows on, and so does every other file.
 */
function limitPages(db: Sqlite.Database, full: boolean): void {
  if (!db.open) return;
  db.pragma(`max_page_count = ${full ? Number(db.pragma('page_count', { simple: true })) : NO_LIMIT}`);
}

/**
 * Lets the process die around the commit of a write to the outbox, and its disk be full: every transaction of better-sqlite3 passes
 * here. The product knows nothing of it; only this composition loads it. To be called before a file is opened.
 */
export function hookOutboxWrites(): void {
  let at: 'inside' | 'committed' = 'inside';
  let left = 0;
  let full = process.env[FULL_FROM_THE_START] === '1';
  const files = new Set<Sqlite.Database>();
  const channel = new BroadcastChannel(HOOK_CHANNEL);
  channel.onmessage = (message: unknown) => {
    const { data } = messageSchema.parse(message);
    if (data.kind === 'arm') {
      at = data.arm.at;
      left = data.arm.after;
    } else {
      full = data.full;
      for (const db of files) limitPages(db, full);
    }
  };

  const original = Sqlite.prototype.transaction;
  function transaction(this: Sqlite.Database, work: Work) {
    if (!files.has(this)) {
      files.add(this);
      if (full) limitPages(this, full);
    }
    if (!this.name.endsWith('outbox.db')) return original.call(this, work);
    const made = original.call(this, (...args: unknown[]) => {
      const value = work(...args);
      if (left > 0) {
        left -= 1;
        if (left === 0 && at === 'inside') die();
      }
      return value;
    });
    const immediate = (...args: unknown[]) => {
      const wasArmed = left > 0;
      const value = made.immediate(...args);
      if (wasArmed && left === 0 && at === 'committed') die();
      return value;
    };
    const { deferred, exclusive } = made;
    return Object.assign((...args: unknown[]) => made(...args), { deferred, exclusive, immediate });
  }
  Reflect.set(Sqlite.prototype, 'transaction', transaction);
}
