import { writeSync } from 'node:fs';
import { join } from 'node:path';
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

// A console without a screen, to be killed: STORE DATA [USER PASSWORD]. It signs in or goes on, and says at once, one line
// each, which page of a fill it has received whole, and that it is up to date.

const [storeUrl = '', dataDir = '', user, password] = process.argv.slice(2);
const tell = (line: string) => writeSync(1, `${line}\n`);
const clock = createClock();
const log = createLineLog('engine', dataDir);
const client = createStoreClient(storeUrl);
const store: StoreClientPort = {
  ...client,
  async snapshot(token, request) {
    const page = await client.snapshot(token, request);
    if (page.ok) tell(`page ${request.entity} ${request.after ?? 'first'}`);
    return page;
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
let told = false;
core.onNews(async ({ view }) => {
  if (view !== 'connection' || told) return;
  const answer = await core.handle('connection.get', {});
  if (!answer.ok || told || !JSON.stringify(answer.value).includes('"state":"online"')) return;
  told = true;
  tell('online');
});
const started = core.start();
if (!started.ok) throw new Error(started.error.code);
if (user !== undefined) {
  const signedIn = await core.handle('session.signIn', { user, password });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
}
process.once('SIGTERM', () => void core.stop().then(() => process.exit(0)));
