import { z } from 'zod';
import type { CommandPayloads } from '../../../domain/commands.ts';
import { missingFor, subKindFits } from '../../../domain/decide/register.ts';
import { type DirectoryLookup, type Person, personSchema, type Service, type Site } from '../../../domain/directory.ts';
import { priorityOf } from '../../../domain/priority.ts';
import type { RefusalCode } from '../../../domain/refusals.ts';
import type { Priority, Requester } from '../../../domain/ticket.ts';
import { channelSchema, levelSchema, modeSchema, subKindSchema, ticketKindSchema } from '../../../domain/vocabulary.ts';
import type { ConsoleParams } from '../../../protocol/console/methods.ts';

/** Who calls: chosen from the directory, or described by themselves. */
const callerSchema = z.union([
  z.object({ person: personSchema }),
  z.object({ unlisted: z.object({ name: z.string(), unit: z.string(), site: z.string(), extension: z.string() }) }),
]);
export type Caller = z.infer<typeof callerSchema>;

/** The form as it is typed, and as its draft is kept: everything may still be missing. */
export const entryFormSchema = z.object({
  callerText: z.string(),
  caller: callerSchema.nullable(),
  kind: ticketKindSchema,
  subKind: subKindSchema.nullable(),
  channel: channelSchema,
  mode: modeSchema.nullable(),
  serviceId: z.string().nullable(),
  orgUnitId: z.string().nullable(),
  siteId: z.string().nullable(),
  assetId: z.string().nullable(),
  subject: z.string(),
  description: z.string(),
  impact: levelSchema,
  urgency: levelSchema,
  solution: z.string(),
});
export type EntryForm = z.infer<typeof entryFormSchema>;

/** A call about something that stopped one person: the most frequent, so the fewest keys. */
export const emptyEntry = (siteId: string | null): EntryForm => ({
  callerText: '',
  caller: null,
  kind: 'incident',
  subKind: null,
  channel: 'phone',
  mode: 'phone',
  serviceId: null,
  orgUnitId: null,
  siteId,
  assetId: null,
  subject: '',
  description: '',
  impact: 'low',
  urgency: 'medium',
  solution: '',
});

export const isBlankEntry = (form: EntryForm): boolean =>
  [form.callerText, form.subject, form.description, form.solution].every((text) => text.trim() === '') &&
  form.caller === null;

/** The caller's own unit and site come with them; what was typed by hand for another caller goes. */
export const withListedCaller = (form: EntryForm, person: Person): EntryForm => ({
  ...form,
  caller: { person },
  callerText: person.name,
  orgUnitId: person.orgUnitId,
  siteId: person.siteId ?? form.siteId,
  assetId: null,
});

export const withUnlistedCaller = (form: EntryForm, name: string): EntryForm => ({
  ...form,
  caller: { unlisted: { name: name.trim(), unit: '', site: '', extension: '' } },
  callerText: name.trim(),
  orgUnitId: null,
  assetId: null,
});

export const withoutCaller = (form: EntryForm): EntryForm => ({ ...form, caller: null, assetId: null });

export const withKind = (form: EntryForm, kind: EntryForm['kind']): EntryForm => ({
  ...form,
  kind,
  subKind: subKindFits(kind, form.subKind) ? form.subKind : null,
});

export type EntryField = 'caller' | 'subject' | 'description' | 'service' | 'site' | 'subKind' | 'asset' | 'solution';
export type EntryProblems = Partial<Record<EntryField, RefusalCode | 'callerMissing' | 'siteMissing'>>;

/** What the store would refuse, said beside the field before anything is sent. Empty: complete. */
export function entryProblems(form: EntryForm, resolving: boolean): EntryProblems {
  const problems: EntryProblems = {};
  const unnamed = form.caller !== null && 'unlisted' in form.caller && form.caller.unlisted.name.trim() === '';
  if ((form.caller === null && form.callerText.trim() === '') || unnamed) problems.caller = 'callerMissing';
  if (form.siteId === null) problems.site = 'siteMissing';
  if (form.subject.trim() === '') problems.subject = 'subjectRequired';
  const missing = missingFor(form.kind, form.serviceId, form.description);
  if (missing === 'serviceRequired') problems.service = missing;
  if (missing === 'descriptionRequired') problems.description = missing;
  if (resolving && form.solution.trim() === '') problems.solution = 'solutionRequired';
  return problems;
}

const fieldOfRefusal: Partial<Record<RefusalCode, EntryField>> = {
  subjectRequired: 'subject',
  descriptionRequired: 'description',
  serviceRequired: 'service',
  serviceUnknown: 'service',
  siteUnknown: 'site',
  personUnknown: 'caller',
  subKindMismatch: 'subKind',
  assetUnknown: 'asset',
  solutionRequired: 'solution',
};
const fieldOfName: Readonly<Record<string, EntryField>> = {
  subject: 'subject',
  description: 'description',
  serviceId: 'service',
  siteId: 'site',
  requester: 'caller',
  subKind: 'subKind',
  assetId: 'asset',
  solution: 'solution',
};

/** The field that a refusal is about; null: about the whole act. */
export const fieldOf = (code: RefusalCode, params: Readonly<Record<string, string | number>>): EntryField | null =>
  fieldOfRefusal[code] ?? fieldOfName[String(params['field'] ?? '').split('.')[0] ?? ''] ?? null;

const requesterOf = (caller: Caller): Requester =>
  'person' in caller ? { personId: caller.person.id } : { unlisted: caller.unlisted };

type RegisterInput = ConsoleParams<'acts.register'>['input'];

/**
 * The form as an act. A name that was typed and not chosen is a caller outside the directory (R4, R11).
 * Null while `entryProblems` names a missing caller or site.
 */
export function entryInput(form: EntryForm): RegisterInput | null {
  const typed = form.callerText.trim();
  const caller =
    form.caller ?? (typed === '' ? null : { unlisted: { name: typed, unit: '', site: '', extension: '' } });
  if (caller === null || form.siteId === null) return null;
  return {
    kind: form.kind,
    subKind: form.subKind,
    channel: form.channel,
    mode: form.mode,
    serviceId: form.serviceId,
    requester: requesterOf(caller),
    orgUnitId: form.orgUnitId,
    siteId: form.siteId,
    subject: form.subject,
    description: form.description,
    impact: form.impact,
    urgency: form.urgency,
    assetId: form.assetId,
  };
}

/** A call that was registered once, as the form that wrote it. `person`: the caller as the directory has them now, if it does. */
export function entryFormOf(payload: CommandPayloads['register'], person: Person | null): EntryForm {
  const { kind, subKind, channel, mode, serviceId, orgUnitId, siteId, assetId, requester } = payload;
  const caller: Caller | null = 'unlisted' in requester ? requester : person === null ? null : { person };
  return {
    callerText: 'unlisted' in requester ? requester.unlisted.name : (person?.name ?? ''),
    caller,
    ...{ kind, subKind, channel, mode, serviceId, orgUnitId, siteId, assetId },
    subject: payload.subject,
    description: payload.description,
    impact: payload.impact,
    urgency: payload.urgency,
    solution: '',
  };
}

/** R19 while typing, by the rule that the store will apply. */
export function livePriority(form: EntryForm, sites: readonly Site[], services: readonly Service[]): Priority {
  const { caller } = form;
  const directory: DirectoryLookup = {
    site: (id) => sites.find((site) => site.id === id) ?? null,
    service: (id) => services.find((service) => service.id === id) ?? null,
    person: (id) => (caller !== null && 'person' in caller && caller.person.id === id ? caller.person : null),
    orgUnit: () => null,
    team: () => null,
    asset: () => null,
    isMember: () => false,
    triageTeam: () => null,
  };
  const requester =
    caller === null ? { unlisted: { name: '', unit: '', site: '', extension: '' } } : requesterOf(caller);
  const { impact, urgency, serviceId } = form;
  return priorityOf({ impact, urgency, requester, serviceId, siteId: form.siteId ?? '' }, directory);
}
