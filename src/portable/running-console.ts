import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { type ControlRequest, controlRequest, readControlAnswer } from './http/control.ts';
import { servedOrigin } from './http/request-gate.ts';
import { type Runtime, readRuntime } from './runtime-file.ts';

const ANSWER_LIMIT_MS = 5_000;
const MAX_ANSWER_BYTES = 4_096;

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly url: string }
  /** Something answers on the recorded port and cannot prove that it is ours (threat 34). */
  | { readonly kind: 'impostor'; readonly port: number };

/** Asks the console that runs on this data folder, if one does, for a new one-time address (`show`: and to open a window on it). */
export async function askRunning(dir: string, act: ControlRequest['act']): Promise<Found> {
  const runtime = await readRuntime(dir);
  if (runtime === null) return { kind: 'none' };
  const nonce = randomBytes(24).toString('base64url');
  const answer = await post(runtime, controlRequest(runtime.secret, nonce, act));
  if (answer === 'nobody') return { kind: 'none' };
  const url = readControlAnswer(runtime.secret, nonce, answer);
  const { origin } = servedOrigin(runtime.id, runtime.port);
  if (url === null || !url.startsWith(`${origin}/`)) return { kind: 'impostor', port: runtime.port };
  return { kind: 'running', url };
}

/** The parsed body of whatever answers; `nobody` when the port is closed; undefined for an answer that makes no sense. */
function post(runtime: Runtime, body: ControlRequest): Promise<unknown> {
  const text = JSON.stringify(body);
  return new Promise((resolve) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: runtime.port,
        method: 'POST',
        path: '/control',
        agent: false,
        headers: {
          host: servedOrigin(runtime.id, runtime.port).host,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) response.destroy();
          else chunks.push(chunk);
        });
        response.on('close', () => resolve(parseJson(Buffer.concat(chunks).toString())));
      },
    );
    call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'nobody' : undefined));
    call.end(text);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
