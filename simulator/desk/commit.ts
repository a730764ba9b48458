import { type DirectoryEntity, type DirectoryRows, directorySchemas } from '../../src/domain/directory.ts';
import type { TimelineEntry } from '../../src/domain/events.ts';
import { scopeKeysOf } from '../../src/domain/scope.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { LOG_START, type LoggedKeys } from '../../src/store/changes/change-reads.ts';
import type { DeskWrites, StoredTicket } from '../../src/store/commands/desk-port.ts';
import { Doc, sha256 } from './doc.ts';
import type { DeskState, TicketRecord } from './memory-state.ts';

export const chainKey = (chain: { readonly deviceId: string; readonly incarnation: string }): string =>
  `${chain.deviceId} ${chain.incarnation}`;

const loggedKeys = (record: TicketRecord): LoggedKeys => ({
  ...scopeKeysOf(record.doc.value),
  closed: record.closedRecordedAt !== null,
});

/** One place of the log; its hash rolls over all before it, as the database's trigger counts it. */
function logPlace(
  state: DeskState,
  place: {
    readonly entity: string;
    readonly id: string;
    readonly version: number;
    readonly previousVersion: number;
    readonly before: LoggedKeys | null;
  },
  digest: string | null,
): void {
  state.lastSeq += 1;
  const seq = state.lastSeq;
  const last = state.log.at(-1)?.hash ?? LOG_START;
  const text = `${last}|${seq}|${place.entity}|${place.id}|${place.version}`;
  const hash = sha256(digest === null ? text : `${text}|${digest}`);
  state.log.push({ ...place, seq, txid: state.lastTxid, hash });
  state.lastSeqById.set(place.id, seq);
}

function nameOfRequester(state: DeskState, { requester }: Ticket): string {
  if ('unlisted' in requester) return requester.unlisted.name;
  const person = state.directory.get(requester.personId)?.doc.value;
  return person !== undefined && 'name' in person ? person.name : '';
}

function commitTicket(state: DeskState, stored: StoredTicket, added: readonly Doc<TimelineEntry>[]): void {
  const { ticket, closedRecordedAt } = stored;
  const old = state.tickets.get(ticket.id);
  const previousVersion = old?.doc.value.version ?? 0;
  if (ticket.version <= previousVersion) {
    throw new Error(`version ${ticket.version} of tickets ${ticket.id} does not follow ${previousVersion}`);
  }
  const entries = old === undefined ? added : [...old.entries, ...added];
  for (const [index, entry] of added.entries()) {
    const seq = entries.length - added.length + index + 1;
    if (entry.value.seq !== seq) throw new Error(`the timeline of ${ticket.id} has a hole at ${seq}`);
  }
  const requesterName = closedRecordedAt === null ? '' : nameOfRequester(state, ticket);
  const record = { doc: new Doc(ticket, state.texts), closedRecordedAt, requesterName, entries };
  state.tickets.set(ticket.id, record);
  if (ticket.number !== null) state.ticketIdByNumber.set(ticket.number, ticket.id);
  const digest = sha256(
    entries
      .slice(previousVersion, ticket.version)
      .map((entry) => entry.text)
      .join('\n'),
  );
  const before = old === undefined ? null : loggedKeys(old);
  logPlace(state, { entity: 'ticket', id: ticket.id, version: ticket.version, previousVersion, before }, digest);
}

/** Makes the writes of one transaction visible, with their places in the log, all at once. */
export function commitWrites(state: DeskState, staged: readonly DeskWrites[]): void {
  state.lastTxid += 1;
  for (const writes of staged) {
    const added = new Map<string, Doc<TimelineEntry>[]>();
    for (const entry of writes.entries) {
      const docs = added.get(entry.ticketId);
      if (docs === undefined) added.set(entry.ticketId, [new Doc(entry, state.texts)]);
      else docs.push(new Doc(entry, state.texts));
    }
    for (const row of writes.inserted) commitTicket(state, row, added.get(row.ticket.id) ?? []);
    for (const row of writes.updated) commitTicket(state, row, added.get(row.ticket.id) ?? []);
    for (const row of writes.commands) state.commands.set(row.command.id, row);
    for (const head of writes.chains) state.chains.set(chainKey(head), head);
    for (const [year, last] of writes.numbers) state.numbers.set(year, last);
    for (const orphan of writes.orphans) state.orphans.set(orphan.command.id, orphan);
    for (const id of writes.carried) {
      const orphan = state.orphans.get(id);
      if (orphan !== undefined) state.orphans.set(id, { ...orphan, carriedAt: writes.recordedAt });
    }
  }
}

/** A row of the directory as the store keeps it; versions are counted here. */
export type DirectoryChange = {
  readonly [E in DirectoryEntity]: { readonly entity: E; readonly row: Omit<DirectoryRows[E], 'version'> };
}[DirectoryEntity];

/** One transaction of directory rows. */
export function commitDirectory(state: DeskState, changes: readonly DirectoryChange[]): void {
  state.lastTxid += 1;
  state.directoryAsOf = {};
  for (const { entity, row } of changes) {
    const previousVersion = state.directory.get(row.id)?.doc.value.version ?? 0;
    const version = previousVersion + 1;
    // Through the schema, as the store does: it decides on the order of the keys, and so on the text.
    state.directory.set(row.id, {
      entity,
      doc: new Doc(directorySchemas[entity].parse({ ...row, version }), state.texts),
    });
    logPlace(state, { entity, id: row.id, version, previousVersion, before: null }, null);
  }
}
