import type { TicketEvent } from '../../../src/domain/events.ts';
import type { ShownEntry } from '../../../src/protocol/console/rows.ts';

/** A valid id that reads as what it is: `id(1)`. */
export const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const ME = id(1);
export const ANA = id(2);
/** 9:40 in Lima on 23 November 2026. */
export const MORNING = Date.UTC(2026, 10, 23, 14, 40);

export function entry(seq: number, event: TicketEvent, more: Partial<ShownEntry> = {}): ShownEntry {
  const at = MORNING + seq * 60_000;
  return {
    id: `${id(500 + seq)}-0`,
    ticketId: id(9),
    seq,
    commandId: id(500 + seq),
    actorId: ME,
    submitterId: null,
    occurredAt: at,
    recordedAt: at,
    deviceAt: at,
    timeQuality: 'good',
    outOfScope: false,
    pending: null,
    event,
    ...more,
  };
}

export const note = (text: string, visibility: 'internal' | 'public' = 'internal'): TicketEvent => ({
  type: 'noteAdded',
  visibility,
  text,
});
export const started = (sessionId: string): TicketEvent => ({
  type: 'remoteSessionStarted',
  sessionId,
  tool: 'rustdesk',
  assetId: null,
  target: 'PUNO-INS-014',
  consent: 'verbal',
});
export const ended = (sessionId: string, text = 'Credencial borrada'): TicketEvent => ({
  type: 'remoteSessionEnded',
  sessionId,
  outcome: 'partly',
  note: text,
});
export const escalated: TicketEvent = {
  type: 'escalated',
  fromTier: 1,
  toTier: 2,
  fromTeamId: id(20),
  toTeamId: id(21),
  fromAssigneeId: ME,
  toPersonId: null,
  sheet: { tried: 'Ping', found: 'El puerto no responde', pending: '', device: 'PLAN-DB01' },
  fromStatus: 'inProgress',
};
