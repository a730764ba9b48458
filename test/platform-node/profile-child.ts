import { createProfiles } from '../../src/platform-node/profiles.ts';

// Opens a profile, says so, and stays until it is killed.
const opened = createProfiles({
  dataDir: process.argv[2] ?? '',
  storeUrl: process.argv[3] ?? '',
  clock: { now: () => Date.now() },
  log: { write: () => undefined },
}).open('ana');
process.stdout.write(opened.ok ? 'open\n' : `${opened.error.code}\n`);
setInterval(() => undefined, 1_000);
