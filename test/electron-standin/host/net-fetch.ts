import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain',
  '.map': 'application/json',
};

/** `net.fetch`: Node's fetch, and files as Electron's serves them. A missing file rejects, as a failed request does. */
export async function standinFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  if (!url.startsWith('file:')) return fetch(input, init);
  const path = fileURLToPath(url.replace(/[?#].*$/, ''));
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new TypeError('net::ERR_FILE_NOT_FOUND');
  const type = types[extname(path).toLowerCase()];
  return new Response(
    new Uint8Array(await readFile(path)),
    type === undefined ? {} : { headers: { 'content-type': type } },
  );
}
