import type { HandoverSheet } from '../../../domain/ticket.ts';
import type { PendingReason } from '../../../domain/vocabulary.ts';
import type { ActPlanner } from '../../import/act-planner.ts';
import type { Dice } from './dice.ts';
import type { Scenario } from './scenarios.ts';

/** How far a ticket has come by now. */
export type Fate =
  | 'new'
  | 'assigned'
  | 'inProgress'
  | 'pending'
  | 'offered'
  | 'accepted'
  | 'third'
  | 'resolved'
  | 'resolvedOnCall'
  | 'closed'
  | 'returned';

export interface Cast {
  readonly firstLine: string;
  readonly second: { readonly teamId: string; readonly personId: string };
  readonly third: { readonly teamId: string; readonly personId: string };
  readonly assetId: string | null;
  readonly deviceLabel: string;
}

const MINUTE = 60_000;

/** Plays a ticket from its registration to its fate; never past `now`. */
export function playJourney(
  planner: ActPlanner,
  dice: Dice,
  scenario: Scenario,
  cast: Cast,
  fate: Fate,
  start: number,
  now: number,
): void {
  let at = start;
  const later = (from: number, to: number): number => {
    at += dice.int(from, to) * MINUTE;
    return at;
  };
  const act: ActPlanner['act'] = (personId, when, command) =>
    when > now ? null : planner.act(personId, when, command);
  const note = (personId: string, text: string) =>
    act(personId, later(4, 40), {
      type: 'addNote',
      payload: { visibility: dice.chance(20) ? 'public' : 'internal', text },
    });
  const solve = (personId: string, duringCall: boolean) =>
    act(personId, later(duringCall ? 1 : 10, duringCall ? 4 : 180), {
      type: 'resolve',
      payload: { solution: scenario.solution, duringCall },
    });
  const status = (personId: string, to: 'inProgress' | 'pending', reason: PendingReason | null) =>
    act(personId, later(1, 15), { type: 'changeStatus', payload: { from: 'assigned', to, pendingReason: reason } });
  const [tried, found, pending] = scenario.sheet;
  const sheet: HandoverSheet = { tried, found, pending, device: cast.deviceLabel };
  const escalate = (personId: string, to: Cast['second']) =>
    act(personId, later(8, 60), { type: 'escalate', payload: { toTeamId: to.teamId, toPersonId: null, sheet } });
  const accept = (to: Cast['second']) => act(to.personId, later(5, 90), { type: 'accept', payload: {} });

  if (fate === 'new') return;
  act(cast.firstLine, later(0, 25), { type: 'claim', payload: {} });
  if (fate === 'assigned') return;
  if (fate === 'resolvedOnCall') {
    solve(cast.firstLine, true);
    return;
  }
  status(cast.firstLine, 'inProgress', null);
  if (cast.assetId !== null && dice.chance(35)) remoteSession(cast.firstLine, cast.assetId);
  for (const text of scenario.notes) note(cast.firstLine, text);
  if (fate === 'inProgress') return;
  if (fate === 'pending') {
    status(cast.firstLine, 'pending', dice.pick(['user', 'vendor', 'parts', 'visit']));
    return;
  }
  if (
    fate === 'offered' ||
    fate === 'accepted' ||
    fate === 'third' ||
    fate === 'returned' ||
    (fate !== 'resolved' && dice.chance(25))
  ) {
    escalate(cast.firstLine, cast.second);
    if (fate === 'offered') return;
    if (fate === 'returned') {
      act(cast.second.personId, later(10, 60), {
        type: 'return',
        payload: {
          reason: 'Falta confirmar con el usuario desde cuándo ocurre y en qué otros equipos.',
          toTeamId: null,
        },
      });
      return;
    }
    accept(cast.second);
    if (fate === 'accepted') return;
    if (fate === 'third' || dice.chance(8)) {
      escalate(cast.second.personId, cast.third);
      if (fate === 'third') return;
      accept(cast.third);
      solve(cast.third.personId, false);
    } else {
      solve(cast.second.personId, false);
    }
  } else {
    solve(cast.firstLine, false);
  }
  if (fate === 'resolved') return;
  act(cast.firstLine, later(600, 3000), { type: 'close', payload: {} });

  function remoteSession(personId: string, assetId: string): void {
    const sessionId = dice.id('session', assetId, at);
    const consent = dice.pick(['verbal', 'written'] as const);
    act(personId, later(2, 10), {
      type: 'startRemoteSession',
      payload: { sessionId, tool: 'rustdesk', assetId, target: cast.deviceLabel, consent },
    });
    act(personId, later(5, 25), {
      type: 'endRemoteSession',
      payload: { sessionId, outcome: dice.pick(['solved', 'partly', 'notSolved']), note: '' },
    });
  }
}
