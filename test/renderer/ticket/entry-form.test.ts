import { describe, expect, it } from 'vitest';
import { commandSchemas } from '../../../src/domain/commands.ts';
import type { Person, Service, Site } from '../../../src/domain/directory.ts';
import { registerInputSchema } from '../../../src/protocol/console/methods.ts';
import {
  emptyEntry,
  entryFormSchema,
  entryInput,
  entryProblems,
  fieldOf,
  isBlankEntry,
  livePriority,
  withKind,
  withListedCaller,
  withUnlistedCaller,
} from '../../../src/renderer/features/quick-entry/entry-form.ts';
import { ANA, id } from './make-entry.ts';

const row = { version: 1, active: true };
const puno: Site = {
  ...row,
  id: id(30),
  code: 'PUN',
  name: 'GRTPE Puno',
  region: 'Puno',
  headquarters: false,
  citizenService: false,
};
const cusco: Site = { ...puno, id: id(31), code: 'CUS', name: 'GRTPE Cusco', citizenService: true };
const mail: Service = {
  ...row,
  id: id(41),
  code: 'COR',
  nameEs: 'Correo',
  nameEn: 'E-mail',
  category: 'email',
  citizenService: false,
};
const rosa: Person = {
  ...row,
  id: ANA,
  name: 'Rosa Huamán',
  email: null,
  extension: '7300',
  jobTitle: 'Directora General de Trabajo',
  orgUnitId: id(50),
  siteId: puno.id,
  seniorManagement: true,
  agent: false,
};
const spoken = { subject: 'No abre el correo', description: 'Sale un error de certificado' };

describe('quick entry', () => {
  it('R4: a caller of the directory brings unit and site', () => {
    const form = { ...withListedCaller(emptyEntry(cusco.id), rosa), ...spoken };
    expect(entryProblems(form, false)).toEqual({});
    expect(entryInput(form)).toMatchObject({ requester: { personId: ANA }, orgUnitId: id(50), siteId: puno.id });
  });

  it('R11: a caller who is in no directory is registered, also when the name was only typed', () => {
    const chosen = { ...withUnlistedCaller(emptyEntry(puno.id), ' Jorge Paredes '), ...spoken };
    expect(entryInput(chosen)?.requester).toEqual({
      unlisted: { name: 'Jorge Paredes', unit: '', site: '', extension: '' },
    });
    const typed = { ...emptyEntry(puno.id), ...spoken, callerText: 'Jorge' };
    expect(entryProblems(typed, false)).toEqual({});
    expect(entryInput(typed)?.requester).toEqual({ unlisted: { name: 'Jorge', unit: '', site: '', extension: '' } });
  });

  it('R10: each kind says what it still needs, beside its field', () => {
    const blank = emptyEntry(null);
    expect(entryProblems(blank, false)).toEqual({
      caller: 'callerMissing',
      site: 'siteMissing',
      subject: 'subjectRequired',
      description: 'descriptionRequired',
    });
    const request = withKind({ ...withListedCaller(emptyEntry(null), rosa), subject: 'Alta' }, 'request');
    expect(entryProblems(request, false)).toEqual({ service: 'serviceRequired' });
  });

  it('R15: resolved on the call needs its solution', () => {
    const form = { ...withListedCaller(emptyEntry(null), rosa), ...spoken };
    expect(entryProblems(form, true)).toEqual({ solution: 'solutionRequired' });
    expect(entryProblems({ ...form, solution: 'Se renovó el certificado' }, true)).toEqual({});
  });

  it('R1, R28: a sub-kind of another kind goes with it', () => {
    const form = { ...emptyEntry(puno.id), subKind: 'network' } as const;
    expect(withKind(form, 'request').subKind).toBeNull();
    expect(withKind({ ...form, subKind: 'other' }, 'request').subKind).toBe('other');
  });

  it('R19: the priority is live, with the reason that the store will give', () => {
    const sites = [puno, cusco];
    const plain = withUnlistedCaller(emptyEntry(puno.id), 'Jorge');
    expect(livePriority(plain, sites, [mail])).toMatchObject({ level: 'low', reasons: [{ kind: 'matrix' }] });
    expect(livePriority(withListedCaller(plain, rosa), sites, [mail])).toMatchObject({
      level: 'high',
      reasons: [{ kind: 'matrix' }, { kind: 'seniorManagement', personId: ANA }],
    });
    expect(livePriority({ ...plain, siteId: cusco.id }, sites, [mail])).toMatchObject({
      level: 'high',
      reasons: [{ kind: 'matrix' }, { kind: 'citizenService', by: 'site', id: cusco.id }],
    });
  });

  it('a form without problems is a register command that the domain reads', () => {
    const input = registerInputSchema.parse(entryInput({ ...withListedCaller(emptyEntry(null), rosa), ...spoken }));
    const command = commandSchemas.register.safeParse({
      ...input,
      provisionalCode: 'K7F3',
      teamId: null,
      initialTier: null,
    });
    expect(command.success).toBe(true);
  });

  it('its draft survives being stored, whole', () => {
    const form = { ...withListedCaller(emptyEntry(null), rosa), ...spoken, solution: 'a medias' };
    expect(entryFormSchema.parse(JSON.parse(JSON.stringify(form)))).toEqual(form);
    expect(isBlankEntry(form)).toBe(false);
    expect(isBlankEntry(emptyEntry(puno.id))).toBe(true);
  });

  it('a refusal finds its field', () => {
    expect(fieldOf('descriptionRequired', {})).toBe('description');
    expect(fieldOf('tooLong', { field: 'subject', maxBytes: 500 })).toBe('subject');
    expect(fieldOf('forbidden', {})).toBeNull();
  });
});
