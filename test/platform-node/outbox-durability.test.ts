import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { cleanText } from '../../src/domain/text.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { witnessOf } from '../../src/platform-node/sqlite/file-version.ts';
import { freshDir, identity, noteAfter, writeNote } from './fixtures.ts';

const openAt = (path: string) => {
  const opened = openOutboxFile(path, 42);
  if (!opened.ok) throw new Error(opened.error.code);
  return { ...opened.value, outbox: createOutbox(opened.value.db) };
};
const freshPath = () => join(freshDir(), 'outbox.db');
/** A closed outbox of so many notes, its path. */
function written(count: number, text = 'nota'): string {
  const path = freshPath();
  const { db, outbox } = openAt(path);
  outbox.setIdentity(identity);
  for (let i = 1; i <= count; i++) writeNote(outbox, `${text} ${i}`);
  db.close();
  return path;
}

test('threat 26, SY1 SIGKILL in the middle of writes, 30 times: nothing that was said to be saved is lost', async () => {
  const path = freshPath();
  const child = fileURLToPath(new URL('./outbox-child.ts', import.meta.url));
  let acknowledged = 0;
  for (let round = 0; round < 30; round++) {
    const running = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    running.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      // Killed at a moment that differs from round to round, always in the middle of writing.
      if (said.length > 20 + round * 7) running.kill('SIGKILL');
    });
    await new Promise((resolve) => running.on('close', resolve));
    const lines = said.split('\n').filter((line) => line !== '');
    acknowledged = Math.max(acknowledged, Number(lines.at(-1)));
    const { db, outbox, salvaged } = openAt(path);
    expect(salvaged).toBeNull();
    const numbers = outbox.unanswered(1_000_000).map((row) => (row.kind === 'command' ? row.wire.n : -1));
    // One unbroken chain, at least as long as what was acknowledged; at most the one write that was under way more.
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
    expect(numbers.length).toBeLessThanOrEqual(acknowledged + 40);
    expect(outbox.identity()?.lastN).toBe(numbers.length);
    db.close();
  }
  expect(acknowledged).toBeGreaterThan(100);
}, 180_000);

test('SY1 answers are not flushed one by one, and the write behind them is flushed as ever', () => {
  const { db, outbox } = openAt(freshPath());
  outbox.setIdentity(identity);
  const flushed = () => db.pragma('synchronous', { simple: true }) === 2;
  const pragma = vi.spyOn(db, 'pragma');
  writeNote(outbox, 'nota');
  expect(pragma).not.toHaveBeenCalledWith('synchronous = NORMAL');
  expect(outbox.recordOutcomes([], null).ok).toBe(true);
  expect(pragma).toHaveBeenCalledWith('synchronous = NORMAL');
  expect(flushed()).toBe(true);
  db.close();
});

test('threat 28 a flipped byte in a note makes its row unreadable: reported with its text, never sent, never dropped', () => {
  const path = written(5);
  const bytes = readFileSync(path);
  const at = bytes.indexOf('nota 3');
  bytes[at + 1] = 'x'.charCodeAt(0);
  writeFileSync(path, bytes);
  const { outbox, db } = openAt(path);
  const rows = outbox.unanswered(10);
  expect(rows.map((row) => row.kind)).toEqual(['command', 'command', 'unreadable', 'command', 'command']);
  expect(outbox.unreadable()).toMatchObject([{ quarantined: false, text: expect.stringContaining('nxta 3') }]);
  expect(outbox.counts().unanswered).toBe(5);
  const bad = rows[2]?.kind === 'unreadable' ? rows[2].commandId : '';
  outbox.relink(outbox.identity() ?? identity, [], [bad]);
  expect(outbox.unanswered(10)).toHaveLength(4);
  expect(outbox.unreadable()).toMatchObject([{ quarantined: true }]);
  db.close();
});

test('threat 28 broken pages: the file is set aside whole and its commands are salvaged before anything goes on', () => {
  const path = written(60);
  const before = readFileSync(path);
  const bytes = Buffer.from(before);
  // Headers of all b-tree pages but the first few go bad; the content of most pages is still there.
  for (let page = 6; page * 4096 < bytes.length; page += 3) bytes.fill(0xff, page * 4096, page * 4096 + 12);
  writeFileSync(path, bytes);
  const { outbox, salvaged, db } = openAt(path);
  expect(salvaged).not.toBeNull();
  expect(readFileSync(salvaged?.setAsideAs ?? '')).toEqual(bytes);
  const found = outbox.unanswered(100);
  expect(found.length).toBe(salvaged?.commands);
  expect(found.length).toBeGreaterThanOrEqual(50);
  expect(found.every((row) => row.kind === 'command')).toBe(true);
  // The next command takes no place that was used.
  const used = found.map((row) =>
    row.kind === 'command' && row.wire.incarnation === outbox.identity()?.incarnation ? row.wire.n : 0,
  );
  expect(outbox.identity()?.lastN ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(Math.max(...used));
  db.close();
});

test('threat 28 a file that is no database any more: its commands are found in the raw bytes', () => {
  const path = written(8);
  const bytes = readFileSync(path);
  bytes.fill(0, 0, 100);
  writeFileSync(path, bytes);
  const { outbox, salvaged, db } = openAt(path);
  expect(salvaged?.commands).toBe(8);
  expect(outbox.unanswered(10).map((row) => row.kind === 'command' && row.wire.n)).toHaveLength(8);
  db.close();
});

test('SY3 threat 28 commands found in the raw bytes take the places that their n gives them', () => {
  const path = written(60);
  const bytes = readFileSync(path);
  // A page in the middle of the table is gone from its tree: its rows are found raw, after all the others.
  for (let page = 6; page * 4096 < bytes.length; page += 3) bytes.fill(0xff, page * 4096, page * 4096 + 12);
  writeFileSync(path, bytes);
  const { outbox, salvaged, db } = openAt(path);
  expect(salvaged?.commands).toBeGreaterThan(0);
  const ns = outbox.toSend(100).map((row) => (row.kind === 'command' ? row.wire.n : -1));
  expect(ns).toEqual([...ns].sort((a, b) => a - b));
  const { commands = -1, drafts = -1, lost = -1 } = salvaged ?? {};
  expect(outbox.setting('salvaged')).toEqual({ commands, drafts, lost });
  db.close();
});

test('SY1 threat 28 two damaged files whose rows claim the same places: every command is kept', () => {
  const [one, other] = [written(6, 'una'), written(4, 'otra')];
  const path = freshPath();
  for (const [from, name] of [
    [one, 'damaged-1'],
    [other, 'damaged-2'],
  ] as const) {
    renameSync(from, `${path}.${name}`);
  }
  // Ids of the second file made its own: as two machines' files, or two ages of one, would have them.
  const second = new Database(`${path}.damaged-2`);
  second.exec(
    `update commands set id = replace(id, '0000-7000', '0000-7fff'), wire = replace(wire, '0000-7000', '0000-7fff')`,
  );
  second.close();
  const { outbox, salvaged, db } = openAt(path);
  expect(salvaged).toMatchObject({ commands: 10, lost: 0 });
  expect(outbox.counts().unanswered).toBe(10);
  db.close();
});

test('SY1 threat 28 a process that ended before its salvage was done: the next start does the rest, once', () => {
  const path = written(8);
  // Set aside, and a fresh file begun: there it ended.
  renameSync(path, `${path}.damaged-41`);
  const begun = openOutboxFile(freshPath(), 42);
  if (!begun.ok) throw new Error(begun.error.code);
  copyFileSync(begun.value.db.name, path);
  begun.value.db.close();
  const { outbox, salvaged, db } = openAt(path);
  expect(salvaged).toMatchObject({ commands: 8, lost: 0 });
  expect(outbox.identity()?.lastN).toBe(8);
  outbox.saveDraft({ key: 'k', ticketId: null, content: 'después', updatedAt: 1, version: 1, requestId: null });
  db.close();
  const again = openAt(path);
  expect(again.salvaged).toBeNull();
  expect(again.outbox.unanswered(10)).toHaveLength(8);
  again.db.close();
});

test('threat 28 what was acknowledged soon lies in the main file, not only in the log: a broken log costs nothing', async () => {
  const path = freshPath();
  const { outbox } = openAt(path);
  outbox.setIdentity(identity);
  for (let i = 1; i <= 5; i++) writeNote(outbox, `nota ${i}`);
  // As a crash leaves it, but with a log that lost its bytes.
  await vi.waitFor(
    () => {
      const copy = freshPath();
      copyFileSync(path, copy);
      if (existsSync(`${path}-wal`)) writeFileSync(`${copy}-wal`, Buffer.alloc(4096, 7));
      expect(openAt(copy).outbox.unanswered(10)).toHaveLength(5);
    },
    { timeout: 5_000 },
  );
});

test('SY1 what was acknowledged is on the disk before it is anywhere else: a process that ends at once loses nothing', () => {
  const path = freshPath();
  const { outbox } = openAt(path);
  outbox.setIdentity(identity);
  for (let i = 1; i <= 5; i++) writeNote(outbox, `nota ${i}`);
  const copy = freshPath();
  for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  expect(openAt(copy).outbox.unanswered(10)).toHaveLength(5);
});

test('threat 25 an outbox of a newer app is refused and left as it is', () => {
  const path = written(2);
  const db = new Database(path);
  db.pragma('user_version = 99');
  db.pragma(`application_id = ${witnessOf(99)}`);
  db.close();
  const before = readFileSync(path);
  expect(openOutboxFile(path, 42)).toEqual({ ok: false, error: { code: 'cacheTooNew' } });
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(join(path, '..'))).toEqual(['outbox.db']);
});

test('threat 27 a full disk refuses the write by its code, and leaves the outbox as it was', () => {
  const { db, outbox } = openAt(freshPath());
  outbox.setIdentity(identity);
  writeNote(outbox, 'cabe');
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 1}`);
  const big = noteAfter(outbox.identity() ?? identity, 'x'.repeat(50_000));
  expect(outbox.append(big)).toEqual({ ok: false, error: { code: 'diskFull' } });
  expect(outbox.counts().unanswered).toBe(1);
  expect(outbox.identity()?.lastN).toBe(1);
  db.pragma('max_page_count = 100000');
  expect(outbox.append(big).ok).toBe(true);
  db.close();
});

test('threat 27 a file that may only be read refuses the write by its code', () => {
  const path = written(1);
  const db = new Database(path, { readonly: true });
  expect(createOutbox(db).dismiss('x', 1)).toEqual({ ok: false, error: { code: 'readOnly' } });
  db.close();
});

test('any Unicode text that the domain lets through comes back the same, and so does its hash', () => {
  const { db, outbox } = openAt(freshPath());
  // The text is what is proved here, not the disk: two hundred waits for it would be most of this test.
  db.pragma('synchronous = off');
  outbox.setIdentity(identity);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
      const text = cleanText(raw);
      const { id } = writeNote(outbox, text);
      expect(outbox.get(id)?.wire.payload).toEqual({ visibility: 'internal', text });
    }),
    { numRuns: 200 },
  );
  db.close();
});
