import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningServer, runsHere } from '../../../src/store/doctor/runs-here.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STARTED = 1_790_000_000;
const server = (over: Partial<RunningServer> = {}): RunningServer => ({
  folder,
  address: '127.0.0.1',
  port: '5432',
  startedAt: STARTED,
  // This very process, which is no server.
  pid: process.pid,
  clientPort: 40_000,
  ...over,
});
const file = (text: string) => writeFile(join(folder, 'postmaster.pid'), text);
const own = () => `77\n${folder}\n${STARTED + 1}\n5432\n\n127.0.0.1\n`;

it('12.8 a folder of the same name is not that of the server', async () => {
  expect(await runsHere(server())).toBe(false);
  await file(own());
  expect(await runsHere(server())).toBe(true);
  expect(await runsHere(server({ address: null }))).toBe(true);
});

it.each([
  ['comes by another address', { address: '10.1.2.3' }],
  ['started at another time', { startedAt: STARTED + 3_600 }],
  ['has another port', { port: '5433' }],
])('12.8 a server that %s is not the one of this folder', async (_what, over) => {
  await file(own());
  expect(await runsHere(server(over))).toBe(false);
});
