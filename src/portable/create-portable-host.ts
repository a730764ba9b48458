import { randomBytes } from 'node:crypto';
import type { ConsoleTarget } from '../protocol/console/answer-call.ts';
import { createControlDesk } from './http/control.ts';
import { createPortableApp } from './http/create-portable-app.ts';
import { createLaunchTokens } from './http/launch-tokens.ts';
import { readRendererFiles } from './http/renderer-files.ts';
import { servedOrigin } from './http/request-gate.ts';

export interface PortableHost {
  readonly id: string;
  readonly port: number;
  /** Proves this host to another start on the same data folder. */
  readonly secret: string;
  /** The console's address with a new one-time token in its fragment. */
  link(): string;
  close(): Promise<void>;
}

interface HostDeps {
  readonly target: ConsoleTarget;
  /** Folder of the renderer's build. */
  readonly rendererDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** Another start asks for a window; given the address for it. */
  onShow(url: string): void;
  onBug(bug: unknown): void;
}

/** Serves the console on 127.0.0.1 under a random name. Rejects with EADDRINUSE when the port is taken. */
export async function createPortableHost(deps: HostDeps): Promise<PortableHost> {
  const id = randomBytes(12).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const tokens = createLaunchTokens({
    random: () => randomBytes(32).toString('base64url'),
    now: () => performance.now(),
  });
  let port: number | null = null;
  const served = () => (port === null ? null : servedOrigin(id, port));
  const link = () => `${served()?.origin}/launch#${tokens.issue()}`;
  const control = createControlDesk(secret, {
    link,
    show() {
      deps.onShow(link());
      return link();
    },
  });
  const files = await readRendererFiles(deps.rendererDir);
  const app = await createPortableApp({ id, served, tokens, control, files, target: deps.target, onBug: deps.onBug });
  await app.listen({ host: '127.0.0.1', port: deps.port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the console listens on no port');
  port = address.port;
  return { id, port, secret, link, close: () => app.close() };
}
