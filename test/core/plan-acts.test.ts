import { describe, expect, it } from 'vitest';
import { type Act, planActs } from '../../src/core/features/acts/plan-acts.ts';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { SessionInfo } from '../../src/protocol/sync/auth.ts';
import { actors, directory, ids, other, registered, splitOff, ticketAfter, uuid } from '../support/world.ts';

const session: SessionInfo = {
  deskId: uuid(1),
  deskName: 'Mesa',
  accountId: uuid(2),
  user: 'ana',
  personId: ids.ana,
  personName: 'Ana',
  role: 'technician',
  deviceId: uuid(3),
  devicePrefix: '01',
  teams: [{ id: ids.team1, name: 'Mesa', tier: 1 }],
  siteId: ids.lima,
  siteName: 'Lima',
  grant: actors.ana.grant,
  scopeVersion: 's',
  settings: defaultDeskSettings,
  offlineDays: 7,
  mustChangePassword: false,
};
const held = new Map<string, Ticket>(
  [ticketAfter([actors.ana, registered]), other()].map((ticket) => [ticket.id, ticket]),
);
let n = 5000;
const plan = (acts: readonly Act[]) =>
  planActs(acts, false, {
    session,
    directory,
    otherTicket: (id) => held.get(id) ?? null,
    shown: (id) => held.get(id) ?? null,
    base: (id) => held.get(id) ?? null,
    lacks: () => null,
    newId: () => uuid(++n),
    time: { deviceAt: 1, bootId: 'b', monotonicMs: 1, lastOffset: 0 },
  });

describe('acts of one request', () => {
  it('SY3 merges that cross in one request: the second is refused before anything is written', () => {
    const { results, commands } = plan([
      { ticketId: ids.ticket, type: 'merge', payload: { intoTicketId: ids.other } },
      { ticketId: ids.other, type: 'merge', payload: { intoTicketId: ids.ticket } },
    ]);
    expect(results.map((result) => result.ok)).toEqual([true, false]);
    expect(results[1]).toMatchObject({ refusal: { code: 'mergeTargetMerged' } });
    expect(commands).toHaveLength(1);
  });

  it('a part split off takes acts of its own at once, and may go back where it came from', () => {
    const part = uuid(6000);
    const { results } = plan([
      { ticketId: part, type: 'split', payload: splitOff.payload },
      { ticketId: part, type: 'claim', payload: {} },
      { ticketId: part, type: 'merge', payload: { intoTicketId: ids.other } },
    ]);
    expect(results.map((result) => result.ok)).toEqual([true, true, true]);
  });

  it('SY16 a command says the version that its type came with, so an older store holds back no other', () => {
    const { commands } = plan([
      { ticketId: ids.ticket, type: 'addNote', payload: { visibility: 'internal', text: 'x' } },
      { ticketId: ids.ticket, type: 'merge', payload: { intoTicketId: ids.other } },
    ]);
    expect(commands.map(({ command }) => command.commandVersion)).toEqual([1, 2]);
  });
});
