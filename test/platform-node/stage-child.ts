import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createBlobFiles } from '../../src/platform-node/blob-files.ts';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { uid } from './fixtures.ts';

// Takes files piece by piece as the core does, and says what it was told is on the disk, until it is killed.
const [folder = '', from = '0'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);
const opened = openOutboxFile(`${folder}/outbox.db`, 0);
if (!opened.ok) throw new Error(opened.error.code);
const outbox = createOutbox(opened.value.db);
const blobs = createBlobFiles(`${folder}/blobs`);
const PIECE = 50_000;

for (let n = Number(from); ; n += 1) {
  const bytes = createHash('shake256', { outputLength: 170_000 }).update(`${n}`).digest();
  const key = uid('f', n);
  const row = { draftKey: 'd', ticketId: null, name: 'a', mediaType: 'a/b', thumbnail: null, addedAt: n };
  outbox.stage({ ...row, attachmentId: key, size: bytes.length, sha256: null });
  for (let at = 0; at < bytes.length; ) {
    const taken = await blobs.append(key, at, bytes.subarray(at, at + PIECE));
    if (!taken.ok) throw new Error(taken.error.code);
    at = taken.value.received;
    say(`received ${n} ${at}`);
  }
  const sha256 = await blobs.digest(key);
  if (!sha256.ok) throw new Error(sha256.error.code);
  outbox.stagedWhole(key, sha256.value, null);
  const placed = await blobs.place(key, sha256.value);
  if (!placed.ok) throw new Error(placed.error.code);
  say(`whole ${n} ${sha256.value}`);
}
