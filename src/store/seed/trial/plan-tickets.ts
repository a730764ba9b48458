import { provisionalCode } from '../../../domain/numbering.ts';
import { DAY_MS } from '../../../domain/scope.ts';
import { assert } from '../../../shared/assert.ts';
import { createActPlanner } from '../../import/act-planner.ts';
import { planDirectory } from '../../import/plan-directory.ts';
import type { PlannedCommand } from '../../import/planned-command.ts';
import type { Dice } from './dice.ts';
import { type Cast, type Fate, playJourney } from './journey.ts';
import type { Organisation } from './organisation.ts';
import { offices, type Place } from './places.ts';
import { scenarios } from './scenarios.ts';

export const TRIAL_TICKETS = 600;
/** Lima keeps UTC−5 the whole year. */
const LIMA = -5 * 3_600_000;

/** About 600 tickets of the last ten weeks, told by the people of the organisation in office hours. */
export function planTickets(dice: Dice, org: Organisation, programPersonId: string, now: number): PlannedCommand[] {
  const directory = planDirectory({
    site: org.sites,
    orgUnit: org.orgUnits,
    service: org.services,
    team: org.teams,
    person: org.people,
    membership: org.memberships,
    asset: org.assets,
  });
  const team = (key: string) => dice.id('team', key);
  const memberOf = (key: string): string =>
    dice.pick(org.memberships.filter((row) => row.teamId === team(key))).personId;
  const callers = org.people.filter((person) => !person.agent);
  const macroOf = new Map(offices.map((place) => [dice.id('site', place.code), place.macro]));

  const plan: (PlannedCommand & { order: number })[] = [];
  for (let i = 0; i < TRIAL_TICKETS; i++) {
    const requester = dice.pick(callers);
    const scenario = dice.pick(scenarios);
    const siteId = requester.siteId;
    assert(siteId !== null, 'everybody of the trial works at a site');
    const firstTeam = teamKeyOf(macroOf.get(siteId) ?? 'central');
    const firstLine = memberOf(firstTeam);
    const asset = org.assets.find((row) => row.personId === requester.id) ?? null;
    const cast: Cast = {
      firstLine,
      second: { teamId: team(scenario.team), personId: memberOf(scenario.team) },
      third: {
        teamId: team(i % 3 === 0 ? 'vendor' : 'specialists'),
        personId: memberOf(i % 3 === 0 ? 'vendor' : 'specialists'),
      },
      assetId: asset?.id ?? null,
      deviceLabel: asset === null ? '' : `${asset.hostName} · ${asset.ip}`,
    };
    const days = dice.chance(40) ? dice.int(0, 6) : dice.int(7, 70);
    const start = officeHour(dice, now - days * DAY_MS, now);
    const planner = createActPlanner({
      ticketId: dice.id('ticket', i),
      directory,
      programPersonId,
      commandId: (index) => dice.id('command', i, index),
    });
    planner.act(firstLine, start, {
      type: 'register',
      payload: {
        provisionalCode: provisionalCode('00', i),
        kind: scenario.kind,
        subKind: scenario.subKind,
        channel: dice.pick(['phone', 'phone', 'phone', 'email', 'email', 'inPerson', 'portal']),
        mode: dice.pick(['phone', 'remote', 'remote', 'onsite']),
        serviceId: dice.id('service', scenario.service),
        requester: { personId: requester.id },
        orgUnitId: requester.orgUnitId,
        siteId,
        subject: scenario.subject,
        description: scenario.description,
        impact: dice.pick(['low', 'low', 'low', 'medium', 'medium', 'high']),
        urgency: dice.pick(['low', 'medium', 'medium', 'high']),
        assetId: cast.assetId,
        teamId: team(firstTeam),
        initialTier: null,
      },
    });
    playJourney(planner, dice, scenario, cast, fateOf(dice, days, scenario.kind === 'problem'), start, now);
    for (const planned of planner.planned) plan.push({ ...planned, order: plan.length });
  }
  return plan.sort((a, b) => a.at - b.at || a.order - b.order).map(({ order: _order, ...planned }) => planned);
}

const teamKeyOf = (macro: Place['macro']): string => (macro === 'central' ? 'desk' : macro);

function fateOf(dice: Dice, days: number, isProblem: boolean): Fate {
  if (isProblem) return dice.pick(['accepted', 'third', 'inProgress']);
  if (days > 14) return dice.chance(93) ? 'closed' : dice.pick(['pending', 'third', 'accepted']);
  if (days > 4)
    return dice.pick([
      'closed',
      'closed',
      'resolved',
      'resolved',
      'resolvedOnCall',
      'inProgress',
      'pending',
      'accepted',
      'third',
    ]);
  return dice.pick([
    'new',
    'new',
    'new',
    'assigned',
    'assigned',
    'inProgress',
    'inProgress',
    'inProgress',
    'pending',
    'offered',
    'offered',
    'accepted',
    'returned',
    'resolved',
    'resolvedOnCall',
  ]);
}

/** A time between 8:00 and 17:30 in Lima on a working day, on or before the given day and before `now`. */
function officeHour(dice: Dice, near: number, now: number): number {
  let midnight = Math.floor((near + LIMA) / DAY_MS) * DAY_MS;
  while ([0, 6].includes(new Date(midnight).getUTCDay())) midnight -= DAY_MS;
  const at = midnight - LIMA + dice.int(8 * 60, 17 * 60 + 30) * 60_000 + dice.int(0, 59_000);
  return at > now ? now - dice.int(5, 240) * 60_000 : at;
}
