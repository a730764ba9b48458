import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import updaters, { type AppImageUpdater } from 'electron-updater';
import { signedText } from '../../src/main/update-signature.ts';
import { type UpdateSource, updateSource } from '../../src/main/updater.ts';

/** A key of an organisation that rolls the program out. */
export interface Signer {
  readonly key: KeyObject;
  sign(text: string): string;
}
export function createSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { key: publicKey, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') };
}

export interface Release {
  readonly version: string;
  readonly bytes: Buffer;
  readonly name: string;
}
export const release = (version: string, bytes = randomBytes(50_000)): Release => ({
  ...{ version, bytes, name: `Chasqui-${version}.AppImage` },
});
export const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64');

/** `latest-linux.yml` as electron-builder writes it, with the line that the organisation adds. */
export function manifest({ version, bytes, name }: Release, signature: string | null, hash = sha512(bytes)): string {
  return [
    `version: ${version}`,
    'files:',
    `  - url: ${name}`,
    `    sha512: ${hash}`,
    `    size: ${bytes.length}`,
    `path: ${name}`,
    `sha512: ${hash}`,
    "releaseDate: '2026-11-23T12:00:00.000Z'",
    ...(signature === null ? [] : [`signature: ${signature}`]),
    '',
  ].join('\n');
}
export const signed = (signer: Signer, of: Release): string =>
  manifest(of, signer.sign(signedText({ version: of.version, files: [{ url: of.name, sha512: sha512(of.bytes) }] })));

/** What the feed answers by path; `cutAt`: it promises all of a body and breaks off after so many bytes. */
export interface Served {
  readonly body: Buffer | string;
  readonly cutAt?: number;
}
export interface UpdateRig {
  readonly source: UpdateSource;
  /** Paths that were asked for. */
  readonly asked: string[];
  readonly ready: string[];
  serve(paths: Record<string, Served | string | Buffer>): void;
  close(): Promise<void>;
}

/** electron-updater's own code for Linux, whole, in this process; in Electron's place its version, folders and requests of Node. */
export async function startUpdates(key: KeyObject, current = '2.0.0'): Promise<UpdateRig> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-updates-'));
  let served: Record<string, Served | string | Buffer> = {};
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    const path = new URL(incoming.url ?? '/', 'http://feed').pathname.slice(1);
    asked.push(path);
    const found = served[path];
    if (found === undefined) return void answer.writeHead(404, { connection: 'close' }).end();
    const { body, cutAt } =
      typeof found === 'string' || Buffer.isBuffer(found) ? { body: found, cutAt: undefined } : found;
    const bytes = Buffer.from(body);
    answer.writeHead(200, { 'content-length': bytes.length, connection: 'close' });
    if (cutAt === undefined) return void answer.end(bytes);
    answer.write(bytes.subarray(0, cutAt), () => answer.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  await copyFile(join(import.meta.dirname, '../../resources/app-update.yml'), join(folder, 'app-update.yml'));
  const library: AppImageUpdater = new updaters.AppImageUpdater(null, {
    ...{ version: current, name: 'chasqui', isPackaged: true },
    ...{ appUpdateConfigPath: join(folder, 'app-update.yml'), userDataPath: folder, baseCachePath: folder },
    whenReady: () => Promise.resolve(),
    relaunch() {},
    quit() {},
    onQuit() {},
  });
  Object.assign(library, { httpExecutor: nodeRequests(), disableDifferentialDownload: true });
  // As an AppImage's own start sets it.
  process.env['APPIMAGE'] = join(folder, 'Chasqui.AppImage');
  const source = updateSource(library, { url: `http://127.0.0.1:${port}/`, key });
  const ready: string[] = [];
  source.onReady((version) => ready.push(version));
  return {
    source,
    asked,
    ready,
    serve(paths) {
      served = paths;
      asked.length = 0;
    },
    async close() {
      delete process.env['APPIMAGE'];
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The library's own downloads, over Node's requests in the place of Electron's. */
function nodeRequests(): object {
  const ofLibrary = createRequire(import.meta.url);
  const { ElectronHttpExecutor }: { ElectronHttpExecutor: new () => object } = ofLibrary(
    'electron-updater/out/electronHttpExecutor.js',
  );
  return Object.assign(new ElectronHttpExecutor(), { createRequest: request });
}
