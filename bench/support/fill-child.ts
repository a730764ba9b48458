import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createPagesWorker } from '../../src/console-process/pages-worker.ts';
import { createConsoleCore } from '../../src/core/create-console-core.ts';
import type { StoreClientPort } from '../../src/core/ports/store-client.ts';
import { createClock } from '../../src/platform-node/clock.ts';
import { createFileKeySecrets } from '../../src/platform-node/file-key-secrets.ts';
import { nodeHasher } from '../../src/platform-node/hasher.ts';
import { createLineLog } from '../../src/platform-node/log.ts';
import { createProfiles } from '../../src/platform-node/profiles.ts';
import { nodeRandom } from '../../src/platform-node/random.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { nodeTimers } from '../../src/platform-node/timers.ts';
import { connectionSchema } from '../../src/protocol/console/rows.ts';

// A console without a screen, to be killed: STORE DATA [USER PASSWORD]. It signs in or goes on, and says at once, one line
// each, which page of a fill it has received whole, how many rows a pull brought and took away, how many commands it pushes, that it is up
// to date, and that nothing waits any more and its base holds all that it sent: both with the milliseconds since it began.

const LOOK_MS = 25;
const [storeUrl = '', dataDir = '', user, password] = process.argv.slice(2);
const tell = (line: string) => writeSync(1, `${line}\n`);
const clock = createClock();
const log = createLineLog('engine', dataDir);
const client = createStoreClient(storeUrl);
/** Pushes that were answered, and how many of them had been before the last pull that found no more began. */
let pushes = 0;
let pulledAfter = 0;
const store: StoreClientPort = {
  ...client,
  snapshot: createPagesWorker(new URL('fill-pages.ts', import.meta.url), { storeUrl }).snapshot,
  async *pull(token, request) {
    const after = pushes;
    let rows = 0;
    let gone = 0;
    for await (const part of client.pull(token, request)) {
      if (part.kind === 'transaction')
        for (const change of part.changes) {
          if ('up' in change) rows += 1;
          else gone += 1;
        }
      if (part.kind === 'end') {
        tell(`pull ${rows} ${gone}`);
        if (!part.more) pulledAfter = after;
      }
      yield part;
    }
  },
  async push(token, request, traceparent) {
    tell(`push ${request.commands.length}`);
    const answer = await client.push(token, request, traceparent);
    pushes += 1;
    return answer;
  },
};
const core = createConsoleCore({
  clock,
  log,
  store,
  timers: nodeTimers,
  random: nodeRandom,
  hasher: nodeHasher,
  profiles: createProfiles({ dataDir, storeUrl, clock, log }),
  secrets: createFileKeySecrets(join(dataDir, 'secrets.key')),
  launcher: { launch: async () => ({ launched: false }) },
  deviceName: 'bench',
  language: 'es',
});
const said = new Set<string>();
const sayOnce = (word: string) => {
  if (said.has(word)) return;
  said.add(word);
  tell(`${word} ${Math.round(performance.now() - began)}`);
};
async function look(): Promise<void> {
  const answer = await core.handle('connection.get', {});
  const connection = answer.ok ? connectionSchema.safeParse(answer.value).data : undefined;
  if (connection?.state !== 'online') return;
  sayOnce('online');
  if (connection.pendingActs === 0 && pulledAfter === pushes) sayOnce('drained');
}
core.onNews(({ view }) => {
  if (view === 'connection') void look();
});
// The pull behind the last push tells nobody of the connection.
setInterval(() => void look(), LOOK_MS);
const began = performance.now();
const started = core.start();
if (!started.ok) throw new Error(started.error.code);
if (user !== undefined) {
  const signedIn = await core.handle('session.signIn', { user, password });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
}
process.once('SIGTERM', () => void core.stop().then(() => process.exit(0)));
