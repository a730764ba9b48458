import {
  CHAIN_START,
  commandHashInput,
  outcomeSchema,
  type WireCommand,
  wireCommandSchema,
} from '../../protocol/sync/command.ts';
import { sha256 } from '../commands/sha256.ts';
import { storableText } from '../db/storable-text.ts';
import { MAX_FAULTS, pages, type Queryable, readJson } from './audit-steps.ts';

interface Row {
  id: string;
  deviceId: string;
  incarnation: string;
  n: number;
  hash: string;
  ticketId: string;
  type: string;
  accountId: string;
  refused: boolean;
  recordedAt: number;
  envelope: string;
  outcome: string;
  /** Place in the timeline of the last entry that it wrote there as it came; null: none. */
  lastSeq: number | null;
  orphan: boolean;
  lastN: number | null;
  lastHash: string | null;
}
/** Places of a chain without a row: what was repeated there is stored where it came first. */
interface Gap {
  readonly deviceId: string;
  readonly incarnation: string;
  readonly accountId: string;
  readonly from: number;
  places: number;
}
const PAGE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** Of the entries under a command only `attachmentArrived` is written later than its answer. */
const TEXT = `
  select c.id, c.device_id as "deviceId", c.incarnation, c.n, c.hash, c.ticket_id as "ticketId", c.type, c.account_id as "accountId",
    c.refused, c.recorded_at as "recordedAt", c.envelope, c.outcome, i.last_n as "lastN", i.last_hash as "lastHash",
    (select max(e.seq) from entries e where e.desk_id = c.desk_id and e.ticket_id = c.ticket_id
       and left(e.id, 36) = c.id::text and e.type <> 'attachmentArrived') as "lastSeq",
    exists (select 1 from orphans o where o.desk_id = c.desk_id and o.command_id = c.id) as orphan
  from commands c
    left join incarnations i on i.desk_id = c.desk_id and i.device_id = c.device_id and i.incarnation = c.incarnation
  where c.desk_id = $1 and (c.device_id, c.incarnation, c.n) > ($2, $3, $4)
  order by c.device_id, c.incarnation, c.n limit ${PAGE}`;

/**
 * Each stored command is what its hash says, follows the one before it in its chain, and was answered as its timeline tells. Which code
 * a refusal had is in no hash. Answers how many there are.
 */
export async function verifyCommands(
  client: Queryable,
  deskId: string,
  faults: string[],
  doubts: string[],
): Promise<number> {
  let count = 0;
  let before: Row | null = null;
  const gaps = new Map<string, Gap>();
  const gap = (row: Row, from: number, places: number) => {
    if (places <= 0) return;
    const key = `${row.deviceId} ${row.incarnation}`;
    const known = gaps.get(key);
    if (known === undefined) gaps.set(key, { ...chainOf(row), from, places });
    else known.places += places;
  };
  const close = (row: Row | null) => {
    if (row === null) return;
    if (row.n === row.lastN && row.hash !== row.lastHash)
      faults.push(`device ${row.deviceId}: the head of its chain is not its command ${row.n}`);
    gap(row, row.n + 1, (row.lastN ?? 0) - row.n);
  };
  for await (const rows of pages<Row>(client, TEXT, [deskId, FIRST, FIRST, 0], (row) => [
    deskId,
    row.deviceId,
    row.incarnation,
    row.n,
  ])) {
    for (const row of rows) {
      count++;
      const follows: boolean = before?.deviceId === row.deviceId && before.incarnation === row.incarnation;
      if (!follows) close(before);
      const last: { n: number; hash: string } = follows && before !== null ? before : { n: 0, hash: CHAIN_START };
      const command = commandOf(row, faults);
      if (row.n !== last.n + 1) gap(row, last.n + 1, row.n - last.n - 1);
      else if (command !== null && command.prevHash !== last.hash)
        faults.push(`command ${row.id} does not follow the one before it in its chain`);
      verifyOutcome(row, faults);
      before = row;
    }
    if (faults.length > MAX_FAULTS) return count;
  }
  close(before);
  await namedByEntries(client, deskId, faults);
  await verifyGaps(client, deskId, [...gaps.values(), ...(await emptyChains(client, deskId))], doubts);
  return count;
}

const chainOf = ({ deviceId, incarnation, accountId }: Row) => ({ deviceId, incarnation, accountId });

/** Null: the envelope holds no command. */
function commandOf(row: Row, faults: string[]): WireCommand | null {
  const read = wireCommandSchema.safeParse(readJson(row.envelope));
  if (!read.success) {
    faults.push(`command ${row.id}: its envelope is no command`);
    return null;
  }
  const command = read.data;
  if (sha256(commandHashInput(command)) !== row.hash) faults.push(`command ${row.id} is not what its hash says`);
  const said = [command.id, command.deviceId, command.incarnation, command.n, command.ticketId];
  // As it is stored: the column holds no text that PostgreSQL could not.
  const type = storableText(command.type);
  if (said.join() !== [row.id, row.deviceId, row.incarnation, row.n, row.ticketId].join() || type !== row.type)
    faults.push(`command ${row.id}: its columns differ from its envelope`);
  return command;
}

function verifyOutcome(row: Row, faults: string[]): void {
  const read = outcomeSchema.safeParse(readJson(row.outcome));
  if (!read.success) {
    faults.push(`command ${row.id}: its outcome is no answer`);
    return;
  }
  const { commandId, ticketId, verdict, ticketVersion, recordedAt } = read.data;
  const said = [commandId, ticketId, recordedAt, verdict.kind === 'refused'];
  if (said.join() !== [row.id, row.ticketId, row.recordedAt, row.refused].join())
    faults.push(`command ${row.id}: its columns differ from its outcome`);
  // What met that all was so already is merged, and may have written nothing; what a revoked device says of a ticket that is not there is
  // parked on none.
  const wrote = verdict.kind === 'applied' || (verdict.kind === 'parked' && ticketVersion !== null);
  if (wrote && row.lastSeq === null && !row.orphan)
    faults.push(`command ${row.id} was ${verdict.kind}, and nothing of it is on a timeline`);
  if (verdict.kind !== 'refused' && row.lastSeq !== null && ticketVersion !== null && ticketVersion !== row.lastSeq)
    faults.push(`command ${row.id}: its answer names version ${ticketVersion}, its timeline ${row.lastSeq}`);
}

/** Every entry was written by a command of its ticket that was not refused. */
async function namedByEntries(client: Queryable, deskId: string, faults: string[]): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select distinct left(e.id, 36) as id from entries e where e.desk_id = $1 and not exists (
       select 1 from commands k where k.desk_id = e.desk_id and k.id::text = left(e.id, 36)
         and k.ticket_id = e.ticket_id and not k.refused) limit 5`,
    [deskId],
  );
  for (const { id } of rows)
    faults.push(`an entry names command ${id}, which is not there, is of another ticket or was refused`);
}

/** Chains that moved and hold no command of their own: all that was sent on them was repeated, or is gone. */
async function emptyChains(client: Queryable, deskId: string): Promise<Gap[]> {
  const { rows } = await client.query<Gap>(
    `select i.device_id as "deviceId", i.incarnation, d.account_id as "accountId", 1 as "from", i.last_n as places
     from incarnations i join devices d on d.desk_id = i.desk_id and d.id = i.device_id
     where i.desk_id = $1 and i.last_n > 0 and not exists (select 1 from commands c
       where c.desk_id = i.desk_id and c.device_id = i.device_id and c.incarnation = i.incarnation)`,
    [deskId],
  );
  return rows;
}

/**
 * After a fork a console sends again, on a new chain, what the store may have: that moves the chain and stores nothing (SY12). So a place without
 * a row is in order where its account has commands on other chains that could have been repeated there. Where it has too few, rows are gone.
 */
async function verifyGaps(client: Queryable, deskId: string, gaps: readonly Gap[], doubts: string[]): Promise<void> {
  for (const { deviceId, incarnation, accountId, from, places } of gaps) {
    const { rows } = await client.query<{ n: number }>(
      `select count(*) as n from (select 1 from commands where desk_id = $1 and account_id = $2
         and not (device_id = $3 and incarnation = $4) limit $5) c`,
      [deskId, accountId, deviceId, incarnation, places],
    );
    if ((rows[0]?.n ?? 0) < places)
      doubts.push(
        `device ${deviceId}: ${places} place${places === 1 ? '' : 's'} of its chain, from ${from} on, hold no command, and none of its account could have been repeated there: taken out?`,
      );
    if (doubts.length > MAX_FAULTS) return;
  }
}
