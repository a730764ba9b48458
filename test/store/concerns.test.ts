import { expect, test } from 'vitest';
import type { ScopeGrant, ScopeKeys } from '../../src/domain/scope.ts';
import { concernsOf } from '../../src/store/changes/concerns.ts';

const [site, team, person, other] = ['site', 'team', 'person', 'other'];
const grant = (more: Partial<ScopeGrant> = {}): ScopeGrant => ({
  personId: person,
  everything: false,
  siteIds: [],
  teamIds: [],
  ...more,
});
const keys = (more: Partial<ScopeKeys> = {}): ScopeKeys => ({
  siteId: other,
  teamId: other,
  assigneeId: null,
  registeredBy: other,
  registeredAt: 0,
  ...more,
});
const mine: [string, Partial<ScopeGrant>, Partial<ScopeKeys>][] = [
  ['site', { siteIds: [site] }, { siteId: site }],
  ['team', { teamIds: [team] }, { teamId: team }],
  ['assignee', {}, { assigneeId: person }],
  ['author, however long ago', {}, { registeredBy: person }],
  ['everything', { everything: true }, {}],
];

test.for(mine)('SY7 a change concerns whoever may see the ticket by %s, before it or after it', ([, rights, held]) => {
  const isFor = (before: ScopeKeys | null, after: ScopeKeys | null) =>
    concernsOf([
      { seq: 1, before: keys(), after: keys() },
      { seq: 2, before, after },
    ])(grant(rights));
  expect(isFor(null, keys(held))).toBe(true);
  expect(isFor(keys(held), keys())).toBe(true);
  expect(isFor(keys(held), null)).toBe(true);
});

test('SY7 of what nobody with these rights may see there is no news; what is no ticket concerns everybody', () => {
  const stranger = grant({ siteIds: [site], teamIds: [team] });
  expect(concernsOf([{ seq: 1, before: keys(), after: keys({ assigneeId: other }) }])(stranger)).toBe(false);
  expect(concernsOf([{ seq: 1, before: null, after: null }])(grant())).toBe(true);
});
