import { describe, expect, it } from 'vitest';
import { priorityOf } from '../../src/domain/priority.ts';
import { levels } from '../../src/domain/vocabulary.ts';
import { actors, call, directory, ids, registered, run, ticketAfter } from '../support/world.ts';

const inputs = {
  impact: 'low',
  urgency: 'low',
  requester: { personId: ids.clerk },
  serviceId: ids.mail,
  siteId: ids.lima,
} as const;

describe('priority and its reasons', () => {
  it('grows with impact and with urgency', () => {
    const table = levels.map((impact) =>
      levels.map((urgency) => priorityOf({ ...inputs, impact, urgency }, directory).level),
    );
    expect(table).toEqual([
      ['critical', 'high', 'medium'],
      ['high', 'medium', 'low'],
      ['medium', 'low', 'low'],
    ]);
  });

  it('R19 senior management raises by the person, and the reason names the person', () => {
    const priority = priorityOf({ ...inputs, requester: { personId: ids.director } }, directory);
    expect(priority).toMatchObject({
      level: 'high',
      reasons: [
        { kind: 'matrix', level: 'low' },
        { kind: 'seniorManagement', personId: ids.director },
      ],
    });
  });

  it('R19 in-person citizen service raises by the service or by the site', () => {
    expect(priorityOf({ ...inputs, serviceId: ids.citizenDesk }, directory)).toMatchObject({
      level: 'high',
      reasons: [{}, { by: 'service' }],
    });
    expect(priorityOf({ ...inputs, siteId: ids.cusco }, directory)).toMatchObject({
      level: 'high',
      reasons: [{}, { by: 'site', id: ids.cusco }],
    });
  });

  it('R19 never lowers what the matrix says, and keeps every reason', () => {
    const priority = priorityOf(
      { ...inputs, impact: 'high', urgency: 'high', siteId: ids.cusco, requester: { personId: ids.director } },
      directory,
    );
    expect(priority.level).toBe('critical');
    expect(priority.reasons.map((reason) => reason.kind)).toEqual(['matrix', 'seniorManagement', 'citizenService']);
  });

  it('R19 moves with an edit of the site, and with a caller found in the directory', () => {
    const ticket = ticketAfter([actors.ana, registered]);
    const moved = run(ticket, actors.ana, {
      type: 'editFields',
      payload: { changes: { siteId: { from: ids.lima, to: ids.cusco } } },
    });
    expect([ticket.priority.level, moved.ticket?.priority.level]).toEqual(['low', 'high']);
    const unlisted = ticketAfter([
      actors.ana,
      {
        type: 'register',
        payload: { ...call, requester: { unlisted: { name: 'X', unit: '', site: '', extension: '' } } },
      },
    ]);
    const linked = run(unlisted, actors.ana, { type: 'linkRequester', payload: { personId: ids.director } });
    expect(linked.ticket?.priority.level).toBe('high');
  });
});
