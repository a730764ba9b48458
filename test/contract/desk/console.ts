import { COMMAND_VERSION, type CommandPayloads, type CommandType } from '../../../src/domain/commands.ts';
import { CHAIN_START, commandHashInput, type WireCommand } from '../../../src/protocol/sync/command.ts';
import type { LogMark, SnapshotEntity } from '../../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { pieceToText } from '../../../src/store/changes/snapshot.ts';
import type { SyncLine } from '../../../src/store/changes/sync-line.ts';
import { sha256 } from '../../../src/store/commands/sha256.ts';
import type { Rig } from './rig.ts';
import { accounts, EPOCH, id, people, service, sites, type Who } from './world.ts';

export type TestConsole = ReturnType<typeof createConsole>;

export const registerPayload = (more: Partial<CommandPayloads['register']> = {}): CommandPayloads['register'] => ({
  provisionalCode: '01-01',
  kind: 'incident',
  subKind: 'software',
  channel: 'phone',
  mode: null,
  serviceId: service,
  requester: { personId: people.rosa },
  orgUnitId: null,
  siteId: sites.lima,
  subject: 'No abre el correo',
  description: 'Desde ayer no abre.',
  impact: 'medium',
  urgency: 'medium',
  assetId: null,
  teamId: null,
  initialTier: null,
  ...more,
});
/** Last byte spread, so that tickets fall into different buckets. */
export const ticketId = (n: number): string => id(0xa, n * 37);

/** One console on the wire: a chain of commands, pushes, pulls, and a base that it keeps as a console does. */
export function createConsole(rig: Rig, who: Who, incarnationNumber = 1) {
  const { deviceId } = accounts[who];
  const seed = Number.parseInt(deviceId.slice(-4), 16) * 100 + incarnationNumber;
  const incarnation = id(0xc, seed);
  let n = 0;
  let prevHash = CHAIN_START;
  const principal = () => rig.principal(who);
  const standing = async () => ({
    protocol: PROTOCOL_VERSION,
    epoch: (await rig.changes.live((await principal()).deskId).desk()).epoch,
    scopeVersion: (await principal()).scopeVersion,
  });

  const console = {
    who,
    incarnation,
    principal,
    command<T extends CommandType>(
      type: T,
      ticket: string,
      payload: CommandPayloads[T],
      more: Partial<WireCommand> = {},
    ): WireCommand {
      const command: WireCommand = {
        id: id(seed, n + 1),
        deviceId,
        incarnation,
        n: n + 1,
        prevHash,
        commandVersion: COMMAND_VERSION,
        ticketId: ticket,
        time: { deviceAt: rig.clock.now, bootId: 'b', monotonicMs: n, lastOffset: 0 },
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
    async pushRaw(commands: readonly WireCommand[], epoch: string | undefined = EPOCH, mark?: LogMark) {
      return rig.service.push(await principal(), {
        protocol: PROTOCOL_VERSION,
        ...(epoch === undefined ? {} : { epoch }),
        ...(mark === undefined ? {} : { mark }),
        commands: [...commands],
      });
    },
    async push(...commands: WireCommand[]) {
      const pushed = await console.pushRaw(commands);
      if (!pushed.ok) throw new Error(`push: ${JSON.stringify(pushed.error)}`);
      return pushed.value;
    },
    async pullRaw(cursor: number, limit = 5_000) {
      return rig.service.pull(await principal(), { ...(await standing()), cursor, limit });
    },
    async pull(cursor: number, limit = 5_000): Promise<readonly SyncLine[]> {
      const pulled = await console.pullRaw(cursor, limit);
      if (!pulled.ok) throw new Error(`pull: ${JSON.stringify(pulled.error)}`);
      return pulled.value;
    },
    async page(entity: SnapshotEntity, after: string | null, limit = 5_000): Promise<string[]> {
      const { protocol, scopeVersion } = await standing();
      const answer = await rig.service.snapshot(await principal(), { protocol, scopeVersion, entity, after, limit });
      if (!answer.ok) throw new Error(`snapshot: ${JSON.stringify(answer.error)}`);
      let text = '';
      for await (const piece of answer.value) text += pieceToText(piece);
      return text.split('\n').filter((line) => line !== '');
    },
    async digest(cursor: number) {
      return rig.service.digest(await principal(), { ...(await standing()), cursor });
    },
    async digestRows(cursor: number, buckets: number[], directory: ('site' | 'team' | 'person')[] = []) {
      return rig.service.digestRows(await principal(), { ...(await standing()), cursor, buckets, directory });
    },
    async rows(cursor: number | null, rows: { e: 'ticket' | 'site' | 'person'; id: string }[]) {
      return rig.service.rows(await principal(), { ...(await standing()), cursor, rows });
    },
    async search(text: string, limit = 10) {
      return rig.service.search(await principal(), { protocol: PROTOCOL_VERSION, text, limit });
    },
    /** Registers a ticket of that number and gives its id. */
    async register(number: number, more: Partial<CommandPayloads['register']> = {}): Promise<string> {
      const answer = await console.push(console.command('register', ticketId(number), registerPayload(more)));
      if (answer.results[0]?.outcome.includes('"refused"')) throw new Error(answer.results[0].outcome);
      return ticketId(number);
    },
    /** One after another: a chain has no two pushes on the way at once. */
    async registerAll(numbers: readonly number[]): Promise<string[]> {
      const tickets: string[] = [];
      for (const number of numbers) tickets.push(await console.register(number));
      return tickets;
    },
  };
  return console;
}

/** Where the lines of a pull end. */
export function endOf(lines: readonly SyncLine[]) {
  const end = lines.at(-1);
  if (end === undefined || end.t !== 'end' || !('cursor' in end)) throw new Error('a pull without an end');
  return end;
}

/** A base kept as a console keeps it: rows by their exact text, whole transactions only. */
export function createBase() {
  const rows = new Map<string, string>();
  /** Applies lines and gives the places at which a whole state stood. */
  function apply(lines: readonly SyncLine[], atBoundary: (seq: number) => void = () => undefined): void {
    for (const line of lines) {
      if (line.t === 'up') rows.set(keyOf(line.e, line.doc), line.doc);
      if (line.t === 'rm')
        for (const key of [...rows.keys()]) if (key.startsWith(`ticket ${line.id}`)) rows.delete(key);
      if (line.t === 'tx') atBoundary(line.seq);
    }
  }
  return { rows, apply };
}
const keyOf = (entity: string, doc: string): string => {
  const row = JSON.parse(doc) as { id: string; ticketId?: string; seq?: number };
  return entity === 'entry' ? `ticket ${row.ticketId} entry ${row.seq}` : `${entity} ${row.id}`;
};

/** What lines say of one ticket, in short. */
export const about = (lines: readonly SyncLine[], ticket: string) =>
  lines.flatMap((line) => {
    if (line.t === 'rm' && line.id === ticket) return [`rm ${line.why}`];
    if (line.t !== 'up' || (line.e !== 'ticket' && line.e !== 'entry')) return [];
    const row = JSON.parse(line.doc) as { id: string; ticketId?: string; seq?: number; version?: number };
    if (line.e === 'ticket') return row.id === ticket ? [`ticket ${row.version}`] : [];
    return row.ticketId === ticket ? [`entry ${row.seq}`] : [];
  });
export const note = (text: string) => ({ visibility: 'internal' as const, text });
