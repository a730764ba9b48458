import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppendInput, OutboxIdentity, OutboxPort } from '../../src/core/ports/outbox.ts';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import type { TicketEvent, TimelineEntry } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { sha256Hex } from '../../src/platform-node/hasher.ts';
import { CHAIN_START, commandHashInput, type WireCommand } from '../../src/protocol/sync/command.ts';

export const freshDir = (): string => mkdtempSync(join(tmpdir(), 'chasqui-platform-'));
/** An id with a readable number in it. */
export const uid = (kind: string, n: number): string =>
  `${kind.padEnd(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const identity: OutboxIdentity = {
  deviceId: uid('de', 1),
  devicePrefix: '01',
  incarnation: uid('1c', 1),
  lastN: 0,
  lastHash: CHAIN_START,
  provisionalCounter: 0,
};

/** A note chained after `after`, and what appending it needs. */
export function noteAfter(after: OutboxIdentity, text: string, ticketId = uid('a', 1)): AppendInput {
  const n = after.lastN + 1;
  const wire: WireCommand = {
    id: uid('c', n),
    deviceId: after.deviceId,
    incarnation: after.incarnation,
    n,
    prevHash: after.lastHash,
    commandVersion: 1,
    ticketId,
    time: { deviceAt: 1_760_000_000_000 + n, bootId: 'boot', monotonicMs: n, lastOffset: null },
    seenVersion: 1,
    onBehalf: null,
    type: 'addNote',
    payload: { visibility: 'internal', text },
  };
  const hash = sha256Hex(commandHashInput(wire));
  return {
    commands: [{ wire, hash, label: { code: '01-1', subject: 'Correo' }, createdAt: wire.time.deviceAt }],
    identity: { ...after, lastN: n, lastHash: hash },
    request: null,
    clearDraft: null,
  };
}

/** Appends a note to a real outbox; throws when it fails. */
export function writeNote(outbox: OutboxPort, text: string, ticketId?: string): WireCommand {
  const input = noteAfter(outbox.identity() ?? identity, text, ticketId);
  const written = outbox.append(input);
  if (!written.ok) throw new Error(written.error.code);
  const wire = input.commands[0]?.wire;
  if (wire === undefined) throw new Error('no command');
  return wire;
}

export const ticket = (n: number, more: Partial<Ticket> = {}): Ticket => ({
  id: uid('a', n),
  number: `MDS-2026-${String(n).padStart(6, '0')}`,
  provisionalCode: `K7-${n}`,
  kind: 'incident',
  subKind: 'software',
  channel: 'phone',
  mode: null,
  serviceId: null,
  requester: { personId: uid('b', 1) },
  orgUnitId: null,
  siteId: uid('7', 1),
  subject: 'No abre el correo',
  description: '',
  impact: 'medium',
  urgency: 'medium',
  priority: { level: 'medium', reasons: [{ kind: 'matrix', impact: 'medium', urgency: 'medium', level: 'medium' }] },
  status: 'new',
  pendingReason: null,
  tier: 1,
  teamId: uid('8', 1),
  assigneeId: null,
  handovers: [],
  vendorCase: null,
  problemId: null,
  assetId: null,
  solution: null,
  remoteSessions: [],
  parked: [],
  clocks: {
    registeredAt: 1_760_000_000_000 + n,
    firstResponseAt: null,
    pendingSince: null,
    pausedMs: 0,
    resolvedAt: null,
    closedAt: null,
    reopenings: 0,
    escalations: 0,
    returns: 0,
    resolvedOnCall: false,
  },
  registeredBy: uid('b', 9),
  lastChange: {},
  noteCount: 0,
  updatedAt: 1_760_000_000_000 + n,
  recordedAt: 1_760_000_000_000 + n,
  version: 1,
  ...more,
});

export const entry = (
  ticketN: number,
  seq: number,
  event: TicketEvent,
  more: Partial<TimelineEntry> = {},
): TimelineEntry => ({
  id: `${uid('c', ticketN * 100 + seq)}-0`,
  ticketId: uid('a', ticketN),
  seq,
  commandId: uid('c', ticketN * 100 + seq),
  actorId: uid('b', 9),
  submitterId: null,
  occurredAt: 1_760_000_000_000 + seq,
  recordedAt: 1_760_000_000_000 + seq,
  deviceAt: 1_760_000_000_000 + seq,
  timeQuality: 'good',
  outOfScope: false,
  event,
  ...more,
});
export const note = (text: string): TicketEvent => ({ type: 'noteAdded', visibility: 'internal', text });

export const ticketRow = (row: Ticket): StoreRow => ({ entity: 'ticket', row, doc: JSON.stringify(row) });
export const entryRow = (row: TimelineEntry): StoreRow => ({ entity: 'entry', row, doc: JSON.stringify(row) });
const base = { version: 1, active: true };
export const siteRow = (n: number, name: string, version = 1): StoreRow => {
  const row = {
    ...base,
    version,
    id: uid('7', n),
    code: `S${n}`,
    name,
    region: name,
    headquarters: false,
    citizenService: false,
  };
  return { entity: 'site', row, doc: JSON.stringify(row) };
};
export const teamRow = (n: number, name: string, triage = false): StoreRow => {
  const row = { ...base, id: uid('8', n), name, tier: 1 as const, siteId: null, external: false, triage };
  return { entity: 'team', row, doc: JSON.stringify(row) };
};
export const personRow = (n: number, name: string, version = 1): StoreRow => {
  const row = {
    ...base,
    version,
    id: uid('b', n),
    name,
    email: `p${n}@minsa.example`,
    extension: `21${n}`,
    jobTitle: null,
    orgUnitId: null,
    siteId: uid('7', 1),
    seniorManagement: false,
    agent: n >= 9,
  };
  return { entity: 'person', row, doc: JSON.stringify(row) };
};
export const assetRow = (n: number, tag: string, personN: number): StoreRow => {
  const row = {
    ...base,
    id: uid('4', n),
    tag,
    hostName: `PC-${n}`,
    ip: null,
    model: null,
    personId: uid('b', personN),
    siteId: uid('7', 1),
    remoteIds: {},
  };
  return { entity: 'asset', row, doc: JSON.stringify(row) };
};
export const membershipRow = (n: number, teamN: number, personN: number): StoreRow => {
  const row = { ...base, id: uid('9', n), teamId: uid('8', teamN), personId: uid('b', personN) };
  return { entity: 'membership', row, doc: JSON.stringify(row) };
};
