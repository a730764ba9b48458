import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { COMMAND_VERSION, type CommandPayloads, type CommandType } from '../../src/domain/commands.ts';
import { type Tokens, tokensSchema } from '../../src/protocol/sync/auth.ts';
import { CHAIN_START, commandHashInput, type WireCommand } from '../../src/protocol/sync/command.ts';
import { type PushResponse, pushResponseSchema } from '../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';

export interface SentRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}
export type SendRequest = (
  request: SentRequest,
) => Promise<{ status: number; text: string; headers: Record<string, unknown> }>;

export interface DeviceClient {
  tokens: Tokens;
  readonly send: SendRequest;
  incarnation: string;
  /** Next command of the chain; nothing is sent. */
  command<T extends CommandType>(
    type: T,
    ticketId: string,
    payload: CommandPayloads[T],
    more?: Partial<WireCommand>,
  ): WireCommand;
  pushRaw(commands: readonly WireCommand[]): Promise<{ status: number; text: string }>;
  /** Sends and expects 200. */
  push(...commands: WireCommand[]): Promise<PushResponse>;
  /** Parsed lines of a pull from `cursor`. */
  pull(cursor: number, limit?: number): Promise<Line[]>;
  snapshot(entity: string, after?: string | null, limit?: number): Promise<Line[]>;
  epoch(): Promise<string>;
}
/** A line of NDJSON, as it came. */
export type Line = Record<string, unknown> & { t: string; e?: string; row?: Record<string, unknown> };

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const parseLines = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

/** What a console does on the wire, and nothing else: signs in, keeps a chain of commands, asks. */
export async function createDeviceClient(
  send: SendRequest,
  account: { user: string; password: string },
): Promise<DeviceClient> {
  const answer = await send({
    path: '/auth/v1/sign-in',
    body: { ...pick(account), device: { id: null, name: 'prueba' } },
  });
  if (answer.status !== 200) throw new Error(`sign-in of ${account.user}: ${answer.status} ${answer.text}`);
  const tokens = tokensSchema.parse(JSON.parse(answer.text));
  let n = 0;
  let prevHash = CHAIN_START;
  const client: DeviceClient = {
    tokens,
    send,
    incarnation: v7(),
    command(type, ticketId, payload, more = {}) {
      const command: WireCommand = {
        id: v7(),
        deviceId: client.tokens.session.deviceId,
        incarnation: client.incarnation,
        n: n + 1,
        prevHash,
        commandVersion: COMMAND_VERSION,
        ticketId,
        time: { deviceAt: Date.now(), bootId: 'b', monotonicMs: 1, lastOffset: 0 },
        seenVersion: null,
        onBehalf: null,
        type,
        payload,
        ...more,
      };
      n = command.n;
      prevHash = sha256(commandHashInput(command));
      return command;
    },
    pushRaw: (commands) =>
      send({ path: '/sync/v1/push', token: client.tokens.accessToken, body: { protocol: PROTOCOL_VERSION, commands } }),
    async push(...commands) {
      const pushed = await client.pushRaw(commands);
      if (pushed.status !== 200) throw new Error(`push: ${pushed.status} ${pushed.text}`);
      return pushResponseSchema.parse(JSON.parse(pushed.text));
    },
    async epoch() {
      const body = {
        protocol: PROTOCOL_VERSION,
        schema: 1,
        incarnation: client.incarnation,
        lastN: n,
        cursor: null,
        logHash: null,
      };
      const hello = await send({ path: '/sync/v1/hello', token: client.tokens.accessToken, body });
      return (JSON.parse(hello.text) as { epoch: string }).epoch;
    },
    async pull(cursor, limit = 5_000) {
      const { scopeVersion } = client.tokens.session;
      const body = { protocol: PROTOCOL_VERSION, epoch: await client.epoch(), cursor, scopeVersion, limit };
      const pulled = await send({ path: '/sync/v1/pull', token: client.tokens.accessToken, body });
      if (pulled.status !== 200) throw new Error(`pull: ${pulled.status} ${pulled.text}`);
      return parseLines(pulled.text);
    },
    async snapshot(entity, after = null, limit = 5_000) {
      const { scopeVersion } = client.tokens.session;
      const body = { protocol: PROTOCOL_VERSION, entity, after, scopeVersion, limit };
      const page = await send({ path: '/sync/v1/snapshot', token: client.tokens.accessToken, body });
      if (page.status !== 200) throw new Error(`snapshot: ${page.status} ${page.text}`);
      return parseLines(page.text);
    },
  };
  return client;
}

const pick = ({ user, password }: { user: string; password: string }) => ({ user, password });
