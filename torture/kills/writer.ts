import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ids } from '../../simulator/world/organisation.ts';
import { createConsoleCore } from '../../src/core/create-console-core.ts';
import { createClock } from '../../src/platform-node/clock.ts';
import { createFileKeySecrets } from '../../src/platform-node/file-key-secrets.ts';
import { nodeHasher } from '../../src/platform-node/hasher.ts';
import { createLineLog } from '../../src/platform-node/log.ts';
import { createProfiles } from '../../src/platform-node/profiles.ts';
import { nodeRandom } from '../../src/platform-node/random.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { nodeTimers } from '../../src/platform-node/timers.ts';
import { consoleMethods } from '../../src/protocol/console/methods.ts';
import { planted, plants } from './plants.ts';
import { type FromWriter, requestOf, type ToWriter, toWriterSchema } from './words.ts';

// The core of a console as the product composes it, without its screen: writes acts one after another and says each number before
// it is written, and again once the core says that it is saved. It ends by being killed.
const [dataDir, storeUrl, plant] = z
  .tuple([z.string(), z.url(), z.enum(plants).nullable()])
  .parse([process.argv[2], process.argv[3], process.argv[4] ?? null]);
const say = (message: FromWriter) => writeSync(1, `${JSON.stringify(message)}\n`);
// It is killed before Node would keep what it compiled.
flushCompileCache();

const clock = createClock();
const log = createLineLog('writer', dataDir, 'warn');
const core = createConsoleCore({
  clock,
  log,
  store: createStoreClient(storeUrl),
  timers: nodeTimers,
  random: nodeRandom,
  hasher: nodeHasher,
  profiles: planted(createProfiles({ dataDir, storeUrl, clock, log }), plant),
  secrets: createFileKeySecrets(join(dataDir, 'secrets.key')),
  launcher: { launch: async () => ({ launched: false }) },
  deviceName: 'kills',
  language: 'es',
});

const savedSchema = consoleMethods['acts.submit'].result;
const registeredSchema = consoleMethods['acts.register'].result;

/** @returns null when saved, else why not */
async function submit(no: number, ticketIds: string[], padding: number): Promise<string | null> {
  const { kind, id, texts } = requestOf(no);
  if (kind === 'register') {
    const answer = await core.handle('acts.register', registerParams(id, texts[0] ?? ''));
    if (!answer.ok) return answer.error.code;
    const made = registeredSchema.parse(answer.value);
    if (!made.ok) return made.refusal.code;
    ticketIds.push(made.ticketId);
    return null;
  }
  const acts = texts.map((text, at) => ({
    ticketId: ticketIds[(no + at) % ticketIds.length],
    type: 'addNote',
    payload: { visibility: 'internal', text: padding === 0 ? text : `${text}\n${'x'.repeat(padding)}` },
  }));
  const answer = await core.handle('acts.submit', { requestId: id, atomic: true, acts, clearDraft: null });
  if (!answer.ok) return answer.error.code;
  const refused = savedSchema.parse(answer.value).results.find((result) => !result.ok);
  return refused === undefined ? null : refused.refusal.code;
}

const registerParams = (requestId: string, subject: string) => ({
  requestId,
  input: {
    kind: 'incident',
    subKind: 'software',
    channel: 'phone',
    mode: null,
    serviceId: ids.mail,
    requester: { personId: ids.clerk },
    orgUnitId: ids.unit,
    siteId: ids.lima,
    subject,
    description: 'Escrito por quien será interrumpido.',
    impact: 'medium',
    urgency: 'medium',
    assetId: null,
  },
  claim: false,
  resolveWith: null,
  clearDraft: null,
});

async function writeOn({ from, ticketIds, pauseMs, padding }: Extract<ToWriter, { kind: 'write' }>): Promise<never> {
  const known = [...ticketIds];
  for (let no = from; ; no += 1) {
    say({ kind: 'begin', no });
    const code = await submit(no, known, padding);
    say(code === null ? { kind: 'saved', no } : { kind: 'refused', no, code });
    if (known.length > 20) known.shift();
    // Even without a pause, what came from the store gets its turn.
    if (pauseMs === 0) await new Promise(setImmediate);
    else await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
  }
}

async function isOnline(): Promise<boolean> {
  const answer = await core.handle('connection.get', {});
  return answer.ok && consoleMethods['connection.get'].result.parse(answer.value).state === 'online';
}

say({ kind: 'opening' });
const began = performance.now();
const started = core.start();
const reopenMs = performance.now() - began;
if (!started.ok) throw new Error(started.error.code);
say({ kind: 'open', reopenMs, sinceSpawnMs: performance.now() });
for await (const line of createInterface({ input: process.stdin })) {
  const message = toWriterSchema.parse(JSON.parse(line));
  if (message.kind === 'write') await writeOn(message);
  else {
    const { user, password } = message;
    const signedIn = await core.handle('session.signIn', { user, password });
    if (!signedIn.ok) throw new Error(signedIn.error.code);
    // The rules need the directory.
    while (!(await isOnline())) await new Promise((resolve) => setTimeout(resolve, 20));
    say({ kind: 'signedIn' });
  }
}
