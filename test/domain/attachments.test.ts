import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachmentBounds,
  attachmentRefusal,
  attachmentSchema,
  defaultAttachmentSettings,
  endingOf,
  type NamedFile,
  parkedFile,
  safeFileName,
} from '../../src/domain/attachments.ts';
import type { DecideContext } from '../../src/domain/decision.ts';
import { deskSettingsSchema } from '../../src/domain/desk-settings.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { runCommand } from '../../src/domain/run-command.ts';
import { utf8Bytes } from '../../src/domain/text.ts';
import { actors, attachment, contextFor, ids, registered, run, ticketAfter, uuid } from '../support/world.ts';

const { ana, beto } = actors;
const fresh = ticketAfter([ana, registered]);
const add = (change = {}) => ({ type: 'addAttachment', payload: { ...attachment, ...change } }) as const;
const settings = { ...defaultAttachmentSettings, fileBytes: 10_000_000, ticketBytes: 25_000_000 };

describe('names of files', () => {
  it.each([
    ['foto.png', 'foto.png'],
    ['../../x', 'x'],
    ['C:\\Users\\ana\\Acta Nº 7.pdf', 'Acta Nº 7.pdf'],
    ['línea\r\nSet-Cookie: a.txt', 'línea Set-Cookie a.txt'],
    ['acta\u202egpj.exe', 'acta gpj.exe'],
    ['a\u200bb\ufeffc.txt', 'a b c.txt'],
    ['..', ''],
    ['  .ñandú.  ', 'ñandú'],
    ['nombre:flujo.txt', 'nombre flujo.txt'],
  ])('12 %j is shown and saved as %j', (raw, safe) => expect(safeFileName(raw)).toBe(safe));

  it('12 one of 300 characters keeps its ending', () => {
    const safe = safeFileName(`${'ñ'.repeat(300)}.jpeg`);
    expect(utf8Bytes(safe)).toBeLessThanOrEqual(attachmentBounds.name);
    expect(safe).toMatch(/^ñ+\.jpeg$/);
  });

  it('12 whatever comes is one short line without a folder, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 260 }), (raw) => {
        const safe = safeFileName(raw);
        expect(utf8Bytes(safe)).toBeLessThanOrEqual(attachmentBounds.name);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\\/:*?"<>|]|^[\s.]|\s$/u);
        expect(safeFileName(safe)).toBe(safe);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what may be added, asked before a byte is read', () => {
  const refusalOf = (name: string, size = 1_000, others = 0) =>
    attachmentRefusal(settings, fresh, { name, size }, others);

  it('a photo may', () => expect(refusalOf('foto.jpg', 10_000_000)).toBeNull());
  it.each([
    ['evil.exe', 1_000, { code: 'attachmentType', params: { ending: 'exe' } }],
    ['Informe.PDF.Lnk', 1_000, { code: 'attachmentType', params: { ending: 'lnk' } }],
    ['evil.exe%00.pdf', 1_000, { code: 'attachmentName', params: {} }],
    ['evil.exe\u0000.pdf', 1_000, { code: 'attachmentName', params: {} }],
    ['carpeta/..', 1_000, { code: 'attachmentName', params: {} }],
    ['vacío.txt', 0, { code: 'attachmentEmpty', params: {} }],
    ['video.mp4', 10_000_001, { code: 'attachmentTooLarge', params: { mb: 10 } }],
  ] as const)('23 %j of %i bytes is refused', (name, size, refusal) => expect(refusalOf(name, size)).toEqual(refusal));

  it('12 an ending hidden behind a character that reorders is seen as what it is', () => {
    expect(refusalOf('acta\u202efdp.exe')?.code).toBe('attachmentType');
    expect(refusalOf('acta.exe\u200b')?.code).toBe('attachmentType');
    expect(refusalOf('acta.exe. ')?.code).toBe('attachmentType');
  });

  it('a ticket has room for so much, counting what waits beside it', () => {
    const { ticket } = run(fresh, ana, add({ size: 20_000_000 }));
    expect(attachmentRefusal(settings, ticket, { name: 'a.zip', size: 5_000_000 })).toBeNull();
    expect(attachmentRefusal(settings, ticket, { name: 'a.zip', size: 5_000_001 })?.code).toBe('attachmentQuota');
    expect(attachmentRefusal(settings, ticket, { name: 'a.zip', size: 1_000 }, 5_000_000)).toEqual({
      code: 'attachmentQuota',
      params: { mb: 25, heldMb: 25 },
    });
  });

  it('settings kept before there were attachments get the defaults', () => {
    const { attachments: _none, ...old } = deskSettingsSchema.parse({
      numberPrefix: 'MDS',
      timeZone: 'America/Lima',
      reopenWindowDays: 30,
      remote: { rustdesk: null, meshcentral: null },
    });
    expect(deskSettingsSchema.parse(old).attachments).toEqual(defaultAttachmentSettings);
  });
});

describe('addAttachment', () => {
  it('says what the file must be; the ticket counts it, and that it is still to come', () => {
    const { ticket, entries } = run(fresh, ana, add());
    expect(entries.map(({ event }) => event)).toEqual([{ type: 'attachmentAdded', ...attachment }]);
    expect(ticket?.attachments).toEqual({ count: 1, bytes: 1_000, waiting: 1 });
    expect(fresh.attachments, 'documents from before stay what they were').toBeUndefined();
  });

  it('is over the room of its ticket and lands all the same: it was attached where that was not known', () => {
    const { decision } = run(fresh, ana, add({ size: attachmentBounds.fileBytes, name: 'evil.exe' }));
    expect(decision.kind).toBe('applied');
  });

  it('has come when the store says so; once more changes nothing below zero', () => {
    const { ticket, entries } = run(fresh, ana, add());
    const [first] = entries;
    if (ticket === null || first === undefined) throw new Error('no attachment');
    const arrived = {
      ...first,
      id: `${first.commandId}-1`,
      seq: ticket.version + 1,
      event: { type: 'attachmentArrived', attachmentId: attachment.attachmentId } as const,
    };
    const here = evolve(ticket, arrived);
    expect(here.attachments).toEqual({ count: 1, bytes: 1_000, waiting: 0 });
    expect(evolve(here, { ...arrived, seq: here.version + 1 }).attachments?.waiting).toBe(0);
  });

  it.each([
    ['no name', { name: '../' }, 'attachmentName'],
    ['an impossible type', { mediaType: 'text/html; charset=x' }, 'invalid'],
    ['a hash that is none', { sha256: 'AB'.repeat(32) }, 'invalid'],
    ['no size', { size: 0 }, 'invalid'],
    [
      'a thumbnail of a page',
      { thumbnail: { mediaType: 'text/html', width: 1, height: 1, base64: 'QQ==' } },
      'invalid',
    ],
    ['a thumbnail too large', { thumbnail: thumbnail('QUJD'.repeat(4_000)) }, 'invalid'],
    ['a thumbnail that is no base64', { thumbnail: thumbnail('"><script>') }, 'invalid'],
  ])('R12 is refused with %s', (_what, change, code) => {
    const parsed = parseCommand('addAttachment', { ...attachment, ...change });
    expect(parsed).toMatchObject({ ok: false, error: { code } });
  });

  it('12 carries the name as it is shown, whatever the console sent', () => {
    expect(attachmentSchema.parse({ ...attachment, name: '../a\u202eb.png' }).name).toBe('a b.png');
    expect(endingOf('sin')).toBe('');
  });
});

function thumbnail(base64: string) {
  return { mediaType: 'image/webp', width: 10, height: 10, base64 };
}

describe('an id that is used once on a ticket', () => {
  const holds =
    (file: NamedFile | null): NonNullable<DecideContext['attachmentOf']> =>
    (id) =>
      id === attachment.attachmentId ? file : null;
  const anas = { senderId: ana.personId, sha256: attachment.sha256, size: attachment.size };
  const other = 'd'.repeat(64);
  const judged = (actor: Actor, file: NamedFile | null, change = {}, more: Partial<DecideContext> = {}) =>
    runCommand(fresh, ids.ticket, add(change), { ...contextFor(actor), attachmentOf: holds(file), ...more });

  it.each([
    ['another content by another person', beto, { sha256: other }],
    ['another content by the same person', ana, { sha256: other }],
    ['the same content by another person', beto, {}],
    ['another size', ana, { size: attachment.size + 1 }],
  ] as const)('SY9 35 refuses %s, and changes nothing', (_, actor, change) => {
    const { verdict, ticket, entries } = judged(actor, anas, change);
    expect(verdict).toEqual({ kind: 'refused', refusal: { code: 'attachmentExists', params: {} } });
    expect([ticket, entries]).toEqual([fresh, []]);
  });

  it('takes what is under an id of its own, and the same again by the same person once', () => {
    expect(judged(beto, null).verdict).toEqual({ kind: 'applied' });
    const again = judged(ana, anas);
    expect(again.verdict).toMatchObject({ kind: 'merged', notes: [{ code: 'alreadySo', by: ana.personId }] });
    expect([again.ticket, again.entries]).toEqual([fresh, []]);
    const program = { ...ana, submitterId: beto.personId };
    expect(judged(program, { ...anas, senderId: beto.personId }).verdict.kind).toBe('merged');
  });

  it('SY14 parks, whole, what was accepted before a restore and meets another there', () => {
    const { verdict, ticket } = judged(ana, { ...anas, sha256: other }, {}, { former: { kind: 'applied' } });
    expect(verdict.kind).toBe('parked');
    expect(ticket?.parked.map((claim) => parkedFile(claim)?.sha256)).toEqual([attachment.sha256]);
  });

  it('35 counts a parked one: only its author puts the same there, and may settle it so', () => {
    const lost = run(fresh, { ...ana, revoked: true }, add()).ticket;
    const onIt = (actor: Actor, change = {}) => run(lost, actor, add(change)).verdict;
    expect(lost?.parked).toHaveLength(1);
    expect(onIt(beto)).toMatchObject({ refusal: { code: 'attachmentExists' } });
    expect(onIt(beto, { sha256: other })).toMatchObject({ refusal: { code: 'attachmentExists' } });
    expect(onIt(ana, { sha256: other })).toMatchObject({ refusal: { code: 'attachmentExists' } });
    expect(onIt(ana)).toEqual({ kind: 'applied' });
    expect(onIt(beto, { attachmentId: uuid(5_001) })).toEqual({ kind: 'applied' });
  });
});
