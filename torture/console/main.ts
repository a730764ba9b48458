import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { z } from 'zod';
import { ConsoleStartError } from '../../src/console-process/console-start-error.ts';
import { spawnConsole } from '../../src/console-process/spawn-console.ts';
import { createFileKeySecrets } from '../../src/platform-node/file-key-secrets.ts';
import { alterText } from '../plants/altered-text.ts';
import { hangs } from '../plants/console-hangs.ts';
import { dropTail } from '../plants/dropped-tail.ts';
import { writeTwice } from '../plants/written-twice.ts';
import { cacheDigests, cacheStanding, commandsOfTicket, outboxLines } from './files.ts';
import { type Files, type FromConsole, HOOK_CHANNEL, type ToConsole } from './wire.ts';

// One console: the product's workers on files of its own, driven over IPC. It says that something is saved after the core has said so,
// and ends with whoever started it.
const [dataDir, storeUrl, plant] = z.tuple([z.string(), z.url(), z.string()]).parse(process.argv.slice(2));
const tell = (message: FromConsole) => process.send?.(message);
process.on('disconnect', () => process.exit(0));

if (plant === 'dropped-tail') dropTail(dataDir);
const sourceOf = (path: string) => new URL(path, import.meta.url);
const started = await spawnConsole({
  dataDir,
  storeUrl,
  engineEntry: sourceOf('./engine-entry.ts'),
  readerEntry: sourceOf('../../src/console-process/reader-entry.ts'),
  pagesEntry: sourceOf('../../src/console-process/pages-entry.ts'),
  secrets: createFileKeySecrets(join(dataDir, 'secrets.key')),
  launcher: { launch: async () => ({ launched: true }) },
  onFatal(error) {
    console.error('FATAL', error);
    process.exit(70);
  },
}).catch((error: unknown) => {
  if (!(error instanceof ConsoleStartError)) throw error;
  tell({ kind: 'refused', code: error.code });
  return null;
});

if (started === null) process.exit(3);
const madeSchema = z.object({ ok: z.literal(true), value: z.object({ ok: z.literal(true), ticketId: z.string() }) });
const hook = new BroadcastChannel(HOOK_CHANNEL);
const read: { readonly [What in keyof Files]: (folder: string) => Files[What] } = {
  outbox: outboxLines,
  standing: cacheStanding,
  digests: cacheDigests,
};
process.on('message', async (message: ToConsole) => {
  if (message.kind === 'read') {
    tell({ kind: 'files', id: message.id, value: read[message.what](dataDir) });
    return;
  }
  if (message.kind !== 'call') {
    hook.postMessage(message);
    return;
  }
  if (plant === 'console-hangs' && hangs(message)) return;
  const params = plant === 'altered-text' ? alterText(message) : message.params;
  const result = await started.call(message.method, params);
  if (plant === 'written-twice') await writeTwice(started, message);
  const made = message.method === 'acts.register' ? madeSchema.safeParse(result) : null;
  const written = made?.success ? commandsOfTicket(dataDir, made.data.value.ticketId) : [];
  tell({ kind: 'answer', id: message.id, result, written });
});
tell({ kind: 'ready' });
// It will be killed, and what Node compiled is kept only by a process that ends well: half of each start.
flushCompileCache();
