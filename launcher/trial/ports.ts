import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Whether a program could listen there on loopback now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const portFile = (dir: string) => join(dir, 'launcher', 'store-port');

/** Whether a trial store ever came up on this folder. */
export const hasStarted = (dir: string) => existsSync(portFile(dir));

/**
 * The trial store's port is random once and kept while it is free: consoles know a store by its address.
 * @returns 0 for any
 */
export async function rememberedPort(dir: string): Promise<number> {
  try {
    const port = Number(readFileSync(portFile(dir), 'utf8'));
    return Number.isInteger(port) && port > 1023 && port < 65_536 && (await isPortFree(port)) ? port : 0;
  } catch {
    return 0;
  }
}

export function rememberPort(dir: string, url: string): void {
  mkdirSync(join(dir, 'launcher'), { recursive: true, mode: 0o700 });
  writeFileSync(portFile(dir), new URL(url).port);
}
