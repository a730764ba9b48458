import { describe, expect, it } from 'vitest';
import type { CommandPayloads } from '../../src/domain/commands.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { subKindsByKind, ticketKinds } from '../../src/domain/vocabulary.ts';
import { actors, call, directory, ids, run } from '../support/world.ts';

const register = (change: Partial<CommandPayloads['register']>, actor = actors.ana) =>
  run(null, actor, { type: 'register', payload: { ...call, ...change } });
const refusalOf = (result: ReturnType<typeof run>) =>
  result.decision.kind === 'refused' ? result.decision.refusal.code : result.decision.kind;

describe('registering', () => {
  it('R1 the three kinds of ticket are solicitud, incidente and problema', () => {
    expect([...ticketKinds].sort()).toEqual(['incident', 'problem', 'request']);
    for (const kind of ticketKinds) expect(register({ kind, subKind: null }).ticket?.kind).toBe(kind);
  });

  it('R26 R28 sub-kinds belong to their kind: hardware to an incident, a new application to a request', () => {
    expect(subKindsByKind.incident).toEqual(expect.arrayContaining(['hardware', 'software']));
    expect(subKindsByKind.request).toEqual(expect.arrayContaining(['newApplication', 'maintenance', 'update']));
    expect(refusalOf(register({ kind: 'request', subKind: 'hardware' }))).toBe('subKindMismatch');
    expect(refusalOf(register({ kind: 'problem', subKind: 'software' }))).toBe('subKindMismatch');
  });

  it('R4 keeps person, unit and site of the requester', () => {
    const { ticket } = register({});
    expect([ticket?.requester, ticket?.orgUnitId, ticket?.siteId]).toEqual([
      { personId: ids.clerk },
      ids.unit,
      ids.lima,
    ]);
  });

  it('R4 R11 a caller who is in no directory is registered', () => {
    const unlisted = { name: 'Visitante', unit: 'Mesa de partes', site: 'Lima', extension: '9009' };
    expect(register({ requester: { unlisted } }).ticket?.requester).toEqual({ unlisted });
  });

  it.each(['email', 'phone', 'portal', 'inPerson', 'other'] as const)(
    'R9 R11 a contact by %s becomes a ticket',
    (channel) => {
      expect(register({ channel }).ticket?.channel).toBe(channel);
    },
  );

  it('R10 a request must state its service; an incident or problem must be described', () => {
    expect(refusalOf(register({ kind: 'request', subKind: null, serviceId: null }))).toBe('serviceRequired');
    expect(refusalOf(register({ description: 'no va' }))).toBe('descriptionRequired');
    expect(refusalOf(register({ kind: 'problem', subKind: null, description: ' ' }))).toBe('descriptionRequired');
    expect(refusalOf(register({ kind: 'request', subKind: null, description: '' }))).toBe('applied');
    expect(refusalOf(register({ serviceId: null }))).toBe('applied');
  });

  it('R12 records how the ticket is attended', () => {
    expect(register({ mode: 'onsite' }).ticket?.mode).toBe('onsite');
    const visited = run(register({ mode: null }).ticket, actors.ana, {
      type: 'recordVisit',
      payload: { arrivedAt: 1, leftAt: null, text: '' },
    });
    expect(visited.ticket?.mode).toBe('onsite');
  });

  it('R13 R14 everything enters at tier 1; only an import may say otherwise, and that is no move', () => {
    expect(register({}).ticket?.tier).toBe(1);
    expect(refusalOf(register({ initialTier: 2, teamId: ids.team2 }))).toBe('importOnly');
    const imported = register({ initialTier: 2, teamId: ids.team2 }, actors.importer);
    expect(imported.ticket).toMatchObject({ tier: 2, teamId: ids.team2, clocks: { escalations: 0 } });
    expect(imported.entries[0]?.event).toMatchObject({ type: 'registered', importedAtTier: 2 });
  });

  it('R14 a team of tier 2 named by a technician does not take the ticket past tier 1', () => {
    expect(register({ teamId: ids.team2 }).ticket?.tier).toBe(1);
  });

  it('a register out of the author’s scope lands flagged in triage, never refused', () => {
    const result = register({ siteId: ids.lima }, actors.hugo);
    expect(result.ticket?.teamId).toBe(directory.triageTeam()?.id);
    expect(result.entries[0]?.outOfScope).toBe(true);
    expect(register({ siteId: ids.puno }, actors.hugo).ticket?.teamId).toBe(ids.team1b);
  });

  it('the same ticket is not registered twice', () => {
    expect(refusalOf(run(register({}).ticket, actors.ana, { type: 'register', payload: call }))).toBe('ticketExists');
  });

  it('unknown fields, wrong ids and over-long text are refused with the field that is wrong', () => {
    expect(parseCommand('register', { ...call, role: 'administrator' })).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    });
    expect(parseCommand('register', { ...call, siteId: '../etc' })).toMatchObject({
      ok: false,
      error: { code: 'invalid', params: { field: 'siteId' } },
    });
    expect(parseCommand('register', { ...call, subject: '   ' })).toMatchObject({
      ok: false,
      error: { code: 'subjectRequired' },
    });
    expect(parseCommand('addNote', { visibility: 'internal', text: 'ñ'.repeat(100_001) })).toMatchObject({
      ok: false,
      error: { code: 'tooLong', params: { field: 'text', maxBytes: 200_000 } },
    });
    expect(parseCommand('toString', {})).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });
});
