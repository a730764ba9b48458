import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { reassignPlan, undoActs } from '../../src/renderer/features/supervision/reassign-plan.ts';
import { idOf, lookup } from './world/directory.ts';
import { createFakeConsole } from './world/fake-console.ts';

const client = createFakeConsole({
  signedIn: true,
  connection: 'online',
  role: 'supervisor',
  person: 1,
  theme: 'light',
  language: 'es',
  density: 'comfortable',
  many: 40,
  withOutbox: false,
  empty: false,
  notices: [],
  clockSkewMs: null,
  trouble: null,
  farewell: 'none',
  filled: null,
});
const julio = idOf('pers', 4);

async function rowsOf(view: 'all') {
  const answer = await client.call('queue.window', {
    view,
    status: 'open',
    siteId: null,
    teamId: null,
    assigneeId: null,
    kind: null,
    tier: null,
    text: '',
    sort: { by: 'number', dir: 'asc' },
    offset: 0,
    limit: 200,
  });
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.rows;
}

describe('supervisor reassigns many', () => {
  it('leaves out who has it already and teams the person is not in, with the reason; the rest are valid acts', async () => {
    const plan = reassignPlan(await rowsOf('all'), julio, 'vacaciones', lookup.isMember);
    for (const { row, act, obstacle } of plan) {
      if (row.assigneeId === julio) expect(obstacle).toBe('already');
      else if (!lookup.isMember(julio, row.teamId)) expect(obstacle).toBe('noMember');
      else {
        expect(obstacle).toBeNull();
        expect(act?.payload).toMatchObject({ fromPersonId: row.assigneeId, toPersonId: julio });
        expect(parseCommand(act?.type ?? '', act?.payload).ok).toBe(true);
      }
    }
    expect(new Set(plan.map(({ obstacle }) => obstacle))).toEqual(new Set([null, 'already', 'noMember']));
  });

  it('undo brings every ticket back to whom it came from, nobody included', async () => {
    const before = await rowsOf('all');
    const plan = reassignPlan(before, julio, 'cambio de turno', lookup.isMember).filter(({ act }) => act !== null);
    const send = (acts: readonly { ticketId: string; type: string; payload: unknown }[]) =>
      client.call('acts.submit', {
        requestId: crypto.randomUUID(),
        atomic: false,
        acts: acts.map((act) => ({ ticketId: act.ticketId, type: 'reassign' as const, payload: act.payload })),
        clearDraft: null,
      });
    const moved = await send(plan.flatMap(({ act }) => (act === null ? [] : [act])));
    expect(moved.ok && moved.value.results.every((result) => result.ok)).toBe(true);
    const during = await rowsOf('all');
    expect(plan.every(({ row }) => during.find(({ id }) => id === row.id)?.assigneeId === julio)).toBe(true);
    const back = await send(undoActs(plan, julio, 'se deshace'));
    expect(back.ok && back.value.results.every((result) => result.ok)).toBe(true);
    const after = await rowsOf('all');
    expect(after.map(({ id, assigneeId }) => [id, assigneeId])).toEqual(
      before.map(({ id, assigneeId }) => [id, assigneeId]),
    );
    expect(before.some(({ assigneeId }) => assigneeId === null)).toBe(true);
  });
});
