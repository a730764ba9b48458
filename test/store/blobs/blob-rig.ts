import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import type { Attachment } from '../../../src/domain/attachments.ts';
import { type TimelineEntry, timelineEntrySchema } from '../../../src/domain/events.ts';
import { BLOB_UPLOADS } from '../../../src/protocol/sync/blobs.ts';
import { err } from '../../../src/shared/result.ts';
import { type BlobService, createBlobService } from '../../../src/store/blobs/blob-service.ts';
import { type BlobStore, BlobsUnavailable } from '../../../src/store/blobs/blob-store.ts';
import { createFileBlobStore } from '../../../src/store/blobs/file-blob-store.ts';
import { createOwnPlace } from '../../../src/store/blobs/own-place.ts';
import { createBlobOrigin } from '../../../src/store/blobs/serve-blobs.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import { createDeviceClient, type DeviceClient, type SendRequest } from '../../support/device-client.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

/** A store process with a place for files: by `inject` or over its port. */
export interface BlobProcess {
  readonly app: FastifyInstance;
  readonly blobs: BlobService;
  readonly send: SendRequest;
  readonly url: string;
  readonly origin: FastifyInstance;
  readonly originUrl: string;
  /** What was put off, as the log would have it. */
  readonly troubles: unknown[];
}
export interface BlobRig {
  readonly store: TestStore;
  readonly desk: Desk;
  readonly folder: string;
  readonly first: BlobProcess;
  start(place?: BlobStore): Promise<BlobProcess>;
  signIn(name: keyof Desk['accounts']): Promise<DeviceClient>;
  /** Entries of a ticket, as the database has them. */
  timeline(ticketId: string): Promise<TimelineEntry[]>;
  /** Waits until the ticket has that many arrivals. */
  arrived(ticketId: string, count?: number): Promise<TimelineEntry[]>;
  close(): Promise<void>;
}

/** `deskBytes`: all that files of the desk may come to. */
export async function startBlobRig(place?: BlobStore, deskBytes: number | null = null): Promise<BlobRig> {
  const store = await startTestStore();
  const desk = await createFixtureDesk(store.db);
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  const running: BlobProcess[] = [];
  const start = async (over?: BlobStore): Promise<BlobProcess> => {
    const troubles: unknown[] = [];
    let originUrl = '';
    const now = () => store.clock.now();
    const blobs = createBlobService({
      db: store.db,
      store: createOwnPlace({ db: store.db, now }, over ?? place ?? createFileBlobStore(folder)),
      origin: () => originUrl,
      deskBytes,
      now,
      newId: () => v7(),
      onTrouble: (error) => troubles.push(error),
    });
    const { app, send } = await store.another({ blobs });
    const origin = createBlobOrigin({ db: store.db, blobs, now }, false);
    originUrl = await origin.listen({ host: '127.0.0.1', port: 0 });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const one = { app, send, blobs, url, origin, originUrl, troubles };
    running.push(one);
    return one;
  };
  const first = await start();
  const timeline = async (ticketId: string) => {
    const { rows } = await store.db.pool.query<{ doc: string }>(
      'select doc from entries where ticket_id = $1 order by seq',
      [ticketId],
    );
    return rows.map(({ doc }) => timelineEntrySchema.parse(JSON.parse(doc)));
  };
  return {
    store,
    desk,
    folder,
    first,
    start,
    signIn: (name) => createDeviceClient(first.send, desk.accounts[name]),
    timeline,
    async arrived(ticketId, count = 1) {
      for (const end = Date.now() + 10_000; ; ) {
        const found = (await timeline(ticketId)).filter((entry) => entry.event.type === 'attachmentArrived');
        if (found.length >= count || Date.now() > end) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: async () => {
      for (const one of running) await one.origin.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface TestFile {
  readonly bytes: Buffer;
  readonly sha256: string;
}
export const fileOf = (bytes: Buffer = randomBytes(10_000)): TestFile => ({ bytes, sha256: sha256Of(bytes) });

export const attachmentOf = (file: TestFile, more: Partial<Attachment> = {}): Attachment => ({
  attachmentId: v7(),
  name: 'pantalla.png',
  mediaType: 'image/png',
  size: file.bytes.length,
  sha256: file.sha256,
  visibility: 'internal',
  thumbnail: null,
  ...more,
});

/** A new ticket of Lima, pushed by this device. */
export async function newTicket(
  rig: Pick<BlobRig, 'desk'>,
  who: DeviceClient,
  over: Parameters<typeof registerPayload>[1] = {},
): Promise<string> {
  const ticketId = v7();
  await who.push(who.command('register', ticketId, registerPayload(rig.desk, over)));
  return ticketId;
}

const metadata = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

export interface TusCall {
  readonly token: string;
  readonly base: string;
}
const tus = ({ token }: TusCall) => ({ authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' });

export function createUpload(
  call: TusCall,
  file: Pick<TestFile, 'sha256'>,
  size: number,
  of: { ticketId?: string; attachmentId?: string } = {},
): Promise<Response> {
  const { ticketId = v7(), attachmentId = v7() } = of;
  return fetch(`${call.base}${BLOB_UPLOADS}`, {
    method: 'POST',
    headers: {
      ...tus(call),
      'upload-length': String(size),
      'upload-metadata': metadata({ sha256: file.sha256, ticketId, attachmentId }),
    },
  });
}
export const patchUpload = (
  call: TusCall,
  location: string,
  offset: number,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${call.base}${location}`, {
    method: 'x-http-method-override' in headers ? 'POST' : 'PATCH',
    headers: {
      ...tus(call),
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...headers,
    },
    body: new Uint8Array(bytes),
  });
export const headUpload = (call: TusCall, location: string): Promise<Response> =>
  fetch(`${call.base}${location}`, { method: 'HEAD', headers: tus(call) });
export const deleteUpload = (call: TusCall, location: string): Promise<Response> =>
  fetch(`${call.base}${location}`, { method: 'DELETE', headers: tus(call) });

/** Sends a whole file; gives the address of its upload. */
export async function sendFile(call: TusCall, file: TestFile): Promise<string> {
  const created = await createUpload(call, file, file.bytes.length);
  const location = created.headers.get('location');
  if (created.status !== 201 || location === null)
    throw new Error(`creation: ${created.status} ${await created.text()}`);
  const sent = await patchUpload(call, location, 0, file.bytes);
  if (sent.status !== 204) throw new Error(`upload: ${sent.status} ${await sent.text()}`);
  return location;
}

/** Sends `bytes` of a PATCH that promises `promised`, and breaks the connection. Resolves once it is broken. */
export async function cutUpload(
  call: TusCall,
  location: string,
  { offset, bytes, promised }: { offset: number; bytes: Uint8Array; promised: number },
): Promise<void> {
  const sending = request(`${call.base}${location}`, {
    method: 'PATCH',
    headers: {
      ...tus(call),
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      'content-length': String(promised),
    },
  });
  sending.on('error', () => undefined);
  await new Promise<void>((resolve) => sending.write(bytes, () => resolve()));
  // Written to the socket, and on its way over loopback.
  await new Promise((resolve) => setTimeout(resolve, 50));
  sending.destroy();
}

export interface FailingPlace extends BlobStore {
  full: boolean;
  away: boolean;
  roomLeft: number | null;
}

/** A place for files that can be told to fail. */
export function failingPlace(store: BlobStore): FailingPlace {
  const check = () => {
    if (place.away) throw new BlobsUnavailable('away, for a test');
  };
  const place: FailingPlace = {
    ...store,
    full: false,
    away: false,
    roomLeft: null,
    async put(...args) {
      if (place.away) return err('unavailable');
      return place.full ? err('full') : store.put(...args);
    },
    async sizeOf(name: string) {
      check();
      return store.sizeOf(name);
    },
    async *read(...args) {
      check();
      yield* store.read(...args);
    },
    async room() {
      check();
      return place.roomLeft ?? store.room();
    },
  };
  return place;
}
