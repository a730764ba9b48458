import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { PLACE_MARK } from '../../../src/store/blobs/blob-store.ts';
import { startStore } from '../../../src/store/start-store.ts';
import { createFixtureDesk } from '../../support/desk-fixture.ts';
import { createDeviceClient } from '../../support/device-client.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { createUpload, fileOf, sendFile } from './blob-rig.ts';

const lineSchema = z.object({ level: z.number(), msg: z.string() });

it('13.16 a store whose place is not mounted starts, serves texts, says it once as an error, and takes files when it is back', async () => {
  const database = await createTestDatabase();
  const desk = await createFixtureDesk(database.db);
  const parent = await mkdtemp(join(tmpdir(), 'unmounted-'));
  const [folder, aside] = [join(parent, 'files'), join(parent, 'aside')];
  const lines: z.infer<typeof lineSchema>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(lineSchema.parse(JSON.parse(chunk.toString())));
      done();
    },
  });
  const start = () =>
    startStore({
      databaseUrl: database.url,
      host: '127.0.0.1',
      port: 0,
      logger: pino({ level: 'info' }, sink),
      blobs: { place: { kind: 'folder', folder }, host: '127.0.0.1', port: 0, publicUrl: null },
    });
  const errors = () => lines.filter(({ level }) => level >= 50);
  const first = await start();
  await expect.poll(() => readdir(folder).catch(() => [])).toEqual([PLACE_MARK]);
  await first.stop();

  await rename(folder, aside);
  await mkdir(folder);
  const store = await start();
  const who = await createDeviceClient(async ({ method = 'POST', path, body, token }) => {
    const answer = await fetch(`${store.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
  }, desk.accounts.ana);
  const call = { token: who.tokens.accessToken, base: store.url };
  expect((await createUpload(call, fileOf(), 10_000)).status).toBe(503);
  expect((await createUpload(call, fileOf(), 10_000)).status).toBe(503);
  expect(errors().map(({ msg }) => msg)).toEqual([expect.stringMatching(/neither taken nor given: .*lacks the mark/)]);
  expect(await readdir(folder)).toEqual([]);

  await rm(folder, { recursive: true });
  await rename(aside, folder);
  await sendFile(call, fileOf());
  expect(errors()).toHaveLength(1);
  await store.stop();
  await database.drop();
  await rm(parent, { recursive: true });
});
