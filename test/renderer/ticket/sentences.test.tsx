import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TicketEvent, TicketEventType } from '../../../src/domain/events.ts';
import { sentenceOf } from '../../../src/renderer/features/ticket/timeline/sentence.tsx';
import { en } from '../../../src/renderer/i18n/en/index.ts';
import { es } from '../../../src/renderer/i18n/es/index.ts';
import { ANA, ended, entry, escalated, id, ME, note, started } from './make-entry.ts';

const priority = { level: 'high', reasons: [{ kind: 'seniorManagement', personId: ANA }] } as const;
const moved = { fromStatus: 'assigned' } as const;
const asWritten = { priority: { level: priority.level, reasons: [...priority.reasons] } };

/** One of every kind that a ticket can hold: a kind left out does not compile. */
const everyEvent: { [T in TicketEventType]: Extract<TicketEvent, { type: T }> } = {
  registered: {
    type: 'registered',
    number: null,
    provisionalCode: 'K7F3',
    kind: 'incident',
    subKind: null,
    channel: 'phone',
    mode: 'phone',
    serviceId: null,
    requester: { unlisted: { name: 'Jorge Paredes', unit: '', site: '', extension: '7214' } },
    orgUnitId: null,
    siteId: id(30),
    subject: 'Asunto',
    description: 'No se monta la unidad Z',
    impact: 'low',
    urgency: 'low',
    ...asWritten,
    assetId: null,
    teamId: id(20),
    tier: 2,
    importedAtTier: 2,
  },
  fieldsChanged: {
    type: 'fieldsChanged',
    changes: [
      { field: 'urgency', from: 'low', to: 'high' },
      { field: 'siteId', from: id(30), to: id(31) },
      { field: 'vendorCase', from: null, to: 'SR-77' },
      { field: 'somethingOfTomorrow', from: 'a', to: 'b' },
    ],
    ...asWritten,
  },
  requesterLinked: {
    type: 'requesterLinked',
    from: { unlisted: { name: 'Jorge', unit: '', site: '', extension: '' } },
    personId: ANA,
  },
  noteAdded: { type: 'noteAdded', visibility: 'public', text: 'Hola' },
  claimed: { type: 'claimed', assigneeId: ME, ...moved },
  assigned: { type: 'assigned', assigneeId: ANA, fromAssigneeId: null, ...moved },
  reassigned: { type: 'reassigned', assigneeId: ANA, fromAssigneeId: ME, reason: 'Vacaciones', ...moved },
  transferred: {
    type: 'transferred',
    teamId: id(21),
    fromTeamId: id(20),
    assigneeId: ANA,
    fromAssigneeId: null,
    reason: 'Es de redes',
    ...moved,
  },
  escalated: escalated as Extract<TicketEvent, { type: 'escalated' }>,
  accepted: { type: 'accepted', assigneeId: ME, teamId: id(21) },
  returned: {
    type: 'returned',
    fromTier: 2,
    toTier: 1,
    fromTeamId: id(21),
    toTeamId: id(20),
    fromAssigneeId: ME,
    assigneeId: ANA,
    reason: 'Falta el diagnóstico',
    ...moved,
  },
  statusChanged: { type: 'statusChanged', status: 'pending', fromStatus: 'inProgress', pendingReason: 'vendor' },
  resolved: { type: 'resolved', solution: 'Hecho', duringCall: true, assigneeId: ME, ...moved },
  reopened: { type: 'reopened', reason: 'Volvió a fallar', fromStatus: 'closed', status: 'assigned' },
  closed: { type: 'closed', fromStatus: 'resolved' },
  merged: { type: 'merged', intoTicketId: id(40), fromStatus: 'assigned', fromPendingReason: null },
  unmerged: {
    type: 'unmerged',
    fromTicketId: id(40),
    reason: 'Era otro fallo',
    status: 'assigned',
    pendingReason: null,
  },
  splitUndone: { type: 'splitUndone', intoTicketId: id(40), reason: 'Es lo mismo', fromStatus: 'new' },
  cancelled: { type: 'cancelled', reason: 'Duplicado', fromStatus: 'new' },
  remoteSessionStarted: started(id(70)) as Extract<TicketEvent, { type: 'remoteSessionStarted' }>,
  remoteSessionEnded: ended(id(70)) as Extract<TicketEvent, { type: 'remoteSessionEnded' }>,
  visitRecorded: { type: 'visitRecorded', arrivedAt: 1, leftAt: 2, text: 'Se cambió el cable' },
  attachmentAdded: {
    type: 'attachmentAdded',
    attachmentId: id(70),
    name: 'puerto 1521.png',
    mediaType: 'image/png',
    size: 2_100_000,
    sha256: 'ab'.repeat(32),
    visibility: 'internal',
    thumbnail: null,
  },
  attachmentArrived: { type: 'attachmentArrived', attachmentId: id(70) },
  claimParked: {
    type: 'claimParked',
    claim: { commandId: id(80), type: 'editFields', by: ANA, at: 1, conflicts: [] },
  },
  parkedSettled: { type: 'parkedSettled', commandId: id(80), note: '' },
};

const names: Record<string, string> = {
  [id(40)]: 'MDS-2026-000040',
  [ME]: 'Marisol Tupa',
  [ANA]: 'Ana <b>Morales</b>',
  [id(20)]: 'Mesa Puno',
  [id(21)]: 'Servidores y redes',
  [id(30)]: 'GRTPE Puno',
  [id(31)]: 'Sede central',
};

describe.each([
  ['es', es],
  ['en', en],
] as const)('words of the timeline (%s)', (language, catalogue) => {
  const i18n = i18next.createInstance();
  beforeAll(() =>
    i18n.init({
      lng: language,
      resources: { [language]: { translation: catalogue } },
      interpolation: { escapeValue: false },
    }),
  );
  const say = (event: TicketEvent) => {
    const words = {
      name: (key: string) => names[key] ?? '?',
      requesterName: 'Rosa Huamán',
      view: { names, asset: null } as never,
    };
    const { text, more } = sentenceOf(i18n.t, words, entry(1, event));
    return `${renderToStaticMarkup(text)} ${more ?? ''}`;
  };

  it.each(Object.values(everyEvent))('$type is a sentence with no id, no key and no unfilled place', (event) => {
    const said = say(event);
    expect(said).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    expect(said).not.toMatch(/\{\{|\}\}|\p{Cc}|undefined|null|\?/u);
    expect(said).not.toMatch(/\b(ticket|event|status|level|field)\.[a-z]/i);
    expect(said.replace(/<[^>]*>/g, '').trim().length).toBeGreaterThan(3);
  });

  it('a name that looks like markup stays a name', () => {
    expect(say({ type: 'assigned', assigneeId: ANA, fromAssigneeId: null, fromStatus: 'new' })).toContain(
      'Ana &lt;b&gt;Morales&lt;/b&gt;',
    );
  });

  it('long texts are not quoted in a line: the field alone is named', () => {
    const change = { field: 'description', from: 'a'.repeat(300), to: 'b'.repeat(300) };
    expect(say({ type: 'fieldsChanged', changes: [change] })).not.toContain('aaaa');
  });
});

it('every note keeps its words', () => {
  expect(
    sentenceOf(
      ((key: string) => key) as never,
      { name: () => '', requesterName: '', view: {} as never },
      entry(1, note('tal cual')),
    ).more,
  ).toBe('tal cual');
});
