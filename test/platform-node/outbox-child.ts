import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createOutbox } from '../../src/platform-node/outbox.ts';
import { openOutboxFile } from '../../src/platform-node/outbox-file.ts';
import { identity, writeNote } from './fixtures.ts';

// What Node compiled is kept now: this program never ends by itself, and its next start is half the work.
flushCompileCache();
// Writes notes as fast as it can and says each one's number only after the outbox said that it is saved. Ends by being killed.
const opened = openOutboxFile(process.argv[2] ?? '', Date.now());
if (!opened.ok) throw new Error(opened.error.code);
const outbox = createOutbox(opened.value.db);
if (outbox.identity() === null) outbox.setIdentity(identity);
for (;;) {
  const { n } = writeNote(outbox, `nota ${Math.random()}`);
  writeSync(1, `${n}\n`);
}
