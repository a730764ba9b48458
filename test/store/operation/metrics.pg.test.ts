import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { createStoreMetrics } from '../../../src/store/metrics/create-metrics.ts';
import { type RunningStore, startStore } from '../../../src/store/start-store.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createDeviceClient, type DeviceClient, type SendRequest } from '../../support/device-client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createUpload, fileOf, headUpload, patchUpload } from '../blobs/blob-rig.ts';

let database: TestDatabase;
let store: RunningStore;
let desk: Desk;
let ana: DeviceClient;
let logged = '';

const sending =
  (url: string): SendRequest =>
  async ({ method = 'POST', path, body, token, headers }) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
  };
const scrape = async () => {
  const answer = await fetch(store.metricsUrl ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  return answer.text();
};
/** Value of the sample with exactly these labels. */
const value = (text: string, sample: string): number => {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  if (line === undefined) throw new Error(`no sample ${sample}`);
  return Number(line.slice(sample.length + 1));
};

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await createFixtureDesk(database.db);
  const logger = pino(
    { level: 'info' },
    new Writable({
      write(chunk, _encoding, done) {
        logged += String(chunk);
        done();
      },
    }),
  );
  store = await startStore({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    logger,
    metrics: { host: '127.0.0.1', port: 0 },
    blobs: {
      place: { kind: 'folder', folder: mkdtempSync(join(tmpdir(), 'chasqui-blobs-')) },
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
    },
  });
  ana = await createDeviceClient(sending(store.url), desk.accounts.ana);
});
afterAll(async () => {
  await store.stop();
  await database.drop();
});

it('11.1 the metrics are on their own listener alone, and nothing else is there', async () => {
  expect((await fetch(`${store.url}/metrics`)).status).toBe(404);
  const elsewhere = new URL('/healthz', store.metricsUrl ?? '');
  expect((await fetch(elsewhere)).status).toBe(404);
  expect((await fetch(store.metricsUrl ?? '', { method: 'POST' })).status).toBe(404);
});

it('11.2 pushes, pulls, verdicts, refusals and failures are counted', async () => {
  const ticketId = v7();
  const batch = [
    ana.command('register', ticketId, registerPayload(desk)),
    ana.command('addNote', ticketId, { visibility: 'internal', text: 'zarzaparrilla' }),
    ana.command('addNote', v7(), { visibility: 'internal', text: 'zarzaparrilla' }),
  ];
  await ana.push(...batch);
  await ana.push(...batch);
  await ana.pull(0);
  await fetch(`${store.url}/sync/v1/pull`, { method: 'POST', body: '{}', headers: { authorization: 'Bearer no' } });
  // An address of a file is a secret: its route is counted, never what stands in it.
  expect((await fetch(new URL('/b/zarzaparrilla', store.blobsUrl ?? ''))).status).toBe(404);
  const text = await scrape();
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/b/:token",status="4xx"}')).toBe(1);
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/sync/v1/push",status="2xx"}')).toBe(2);
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/sync/v1/pull",status="2xx"}')).toBe(1);
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/sync/v1/pull",status="4xx"}')).toBe(1);
  expect(value(text, 'chasqui_request_failures_total{code="unauthenticated"}')).toBe(1);
  expect(value(text, 'chasqui_commands_total{verdict="applied",replayed="false"}')).toBe(2);
  expect(value(text, 'chasqui_commands_total{verdict="applied",replayed="true"}')).toBe(2);
  expect(value(text, 'chasqui_commands_total{verdict="refused",replayed="false"}')).toBe(1);
  // Told again is not refused again.
  expect(value(text, 'chasqui_command_refusals_total{code="ticketUnknown"}')).toBe(1);
  expect(value(text, 'chasqui_push_commands_sum')).toBe(6);
  expect(value(text, 'chasqui_database_up')).toBe(1);
  for (const waiting of ['chasqui_orphans', 'chasqui_attachments_waiting', 'chasqui_uploads'])
    expect(value(text, waiting)).toBe(0);
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(text).toMatch(/chasqui_build_info\{version="[\d.]+",node="v24/);
});

it('11.2 a push that its console gave up is counted and logged, with the time that it waited', async () => {
  const holder = await database.db.pool.connect();
  try {
    // No change of the desk commits while somebody else has its lock.
    await holder.query('begin');
    await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 8101))', [desk.deskId]);
    const giveUp = new AbortController();
    const pushed = fetch(`${store.url}/sync/v1/push`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ana.tokens.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        protocol: PROTOCOL_VERSION,
        commands: [ana.command('register', v7(), registerPayload(desk))],
      }),
      signal: giveUp.signal,
    });
    const waits = "select 1 from pg_locks where locktype = 'advisory' and not granted";
    await expect.poll(async () => (await holder.query(waits)).rows.length, { timeout: 30_000 }).toBe(1);
    giveUp.abort();
    await expect(pushed).rejects.toThrow();
    const sample = 'chasqui_request_duration_seconds_count{route="/sync/v1/push",status="gaveUp"}';
    await expect.poll(scrape, { timeout: 30_000 }).toContain(sample);
    expect(value(await scrape(), sample)).toBe(1);
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  // What it came to is told all the same, and the request is not counted again.
  await expect.poll(() => logged.split('\n').filter((line) => line.includes('"given up"')).length).toBe(1);
  const text = await scrape();
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/sync/v1/push",status="gaveUp"}')).toBe(1);
  expect(value(text, 'chasqui_request_duration_seconds_count{route="/sync/v1/push",status="2xx"}')).toBe(2);
});

it('11.3 a live console is counted, and is behind by nothing once it was told', async () => {
  const closing = new AbortController();
  const stream = await fetch(`${store.url}/sync/v1/poke`, {
    headers: { authorization: `Bearer ${ana.tokens.accessToken}` },
    signal: closing.signal,
  });
  const reader = stream.body?.getReader();
  await reader?.read();
  expect(value(await scrape(), 'chasqui_live_consoles{way="stream"}')).toBe(1);
  // Of another session: whoever pushed knows already, and is told of the place later.
  const other = await createDeviceClient(sending(store.url), desk.accounts.ana);
  await other.push(other.command('register', v7(), registerPayload(desk)));
  await reader?.read();
  const text = await scrape();
  expect(value(text, 'chasqui_change_log_lag')).toBe(0);
  expect(value(text, 'chasqui_change_log_untold_consoles')).toBe(0);
  closing.abort();
  await expect.poll(async () => value(await scrape(), 'chasqui_live_consoles{way="stream"}')).toBe(0);
});

it('11.6 files are counted: begun once, refused by their code, received and held', async () => {
  const call = { token: ana.tokens.accessToken, base: store.url };
  const before = await scrape();
  const file = fileOf(Buffer.from('zarzaparrilla'.repeat(1_000)));
  const size = file.bytes.length;
  const created = await createUpload(call, file, size);
  const location = created.headers.get('location') ?? '';
  expect((await createUpload(call, file, size)).headers.get('location')).toBe(location);
  expect((await patchUpload(call, location, 5, file.bytes)).status).toBe(409);
  expect((await patchUpload(call, location, 0, file.bytes.subarray(0, 4_000))).status).toBe(204);
  expect((await patchUpload(call, location, 4_000, file.bytes.subarray(4_000))).status).toBe(204);
  expect((await headUpload(call, location)).status).toBe(200);
  const other = fileOf();
  const wrong = (await createUpload(call, other, 100)).headers.get('location') ?? '';
  expect((await patchUpload(call, wrong, 0, other.bytes.subarray(0, 100))).status).toBe(460);
  const text = await scrape();
  const grown = (sample: string) => value(text, sample) - value(before, sample);
  expect(grown('chasqui_file_uploads_begun_total')).toBe(2);
  expect(grown('chasqui_file_uploads_finished_total')).toBe(1);
  expect(grown('chasqui_file_received_bytes_total')).toBe(size + 100);
  expect(grown('chasqui_files_held')).toBe(1);
  expect(grown('chasqui_files_held_bytes')).toBe(size);
  expect(value(text, 'chasqui_file_uploads_refused_total{code="uploadOffset"}')).toBe(1);
  expect(value(text, 'chasqui_file_uploads_refused_total{code="checksumMismatch"}')).toBe(1);
});

it('11.6 what the collector took away is counted by kind', async () => {
  const metrics = createStoreMetrics();
  metrics.files.collected({ uploads: 2, files: 3, objects: 0, bytes: 700 });
  const text = await metrics.registry.metrics();
  expect(value(text, 'chasqui_files_collected_total{kind="upload"}')).toBe(2);
  expect(value(text, 'chasqui_files_collected_total{kind="file"}')).toBe(3);
  expect(value(text, 'chasqui_files_collected_total{kind="object"}')).toBe(0);
  expect(value(text, 'chasqui_files_collected_bytes_total')).toBe(700);
});

it('11.4 no label and no line of the log holds an id of a person or a ticket, a name, or a word of a ticket', async () => {
  const text = await scrape();
  const labels = [...text.matchAll(/="([^"]*)"/g)].map((match) => match[1] ?? '');
  expect(labels.length).toBeGreaterThan(50);
  expect(labels.filter((label) => /[0-9a-f]{8}-[0-9a-f]{4}/.test(label))).toEqual([]);
  for (const word of ['zarzaparrilla', desk.accounts.ana.user, desk.accounts.ana.password]) {
    expect(labels).not.toContain(word);
  }
  for (const word of ['zarzaparrilla', desk.accounts.ana.password]) expect(logged).not.toContain(word);
  expect(logged).toContain('"msg":"command"');
});

it('11.5 with no database the metrics are there all the same, and say so', async () => {
  const other = await startStore({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
    metrics: { host: '127.0.0.1', port: 0 },
    maxConnections: 1,
  });
  const url = other.metricsUrl ?? '';
  const held = await database.db.pool.connect();
  try {
    await held.query('begin');
    await held.query('lock table orphans in access exclusive mode');
    const text = await (await fetch(url)).text();
    expect(value(text, 'chasqui_database_up')).toBe(0);
    expect(text).not.toMatch(/^chasqui_orphans \d/m);
    expect(value(text, 'chasqui_live_consoles{way="stream"}')).toBe(0);
    await held.query('rollback');
    expect(value(await (await fetch(url)).text(), 'chasqui_database_up')).toBe(1);
  } finally {
    held.release();
    await other.stop();
  }
});

it('1.6 a port of the metrics that is taken is said by its setting', async () => {
  const port = Number(new URL(store.metricsUrl ?? '').port);
  const start = startStore({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
    metrics: { host: '127.0.0.1', port },
  });
  await expect(start).rejects.toThrow(/--metrics-port is taken/u);
});
