import { describe, expect, test } from 'vitest';
import { entry, entryRow, note, personRow, ticket, ticketRow, uid } from './fixtures.ts';
import { everything, numbersOf, profileWith } from './reading.ts';

const subjects: Record<number, string> = {
  1: 'ORA-12541: TNS sin oyente',
  2: 'Y AND no es un operador, NOT tampoco, NEAR(a b)',
  3: 'El año del dragón',
  4: 'El ano artificial',
  5: 'comillas "dobles" y un * suelto',
  6: 'Señal débil en el móvil',
  7: 'Senal debil sin tildes',
  8: 'columna: subject:correo ^inicio {llaves} (paréntesis)',
  9: '网络 故障 в сети',
  123: 'Número con ceros',
};
const rows = Object.entries(subjects).flatMap(([n, subject]) => [
  ticketRow(ticket(Number(n), { subject })),
  entryRow(entry(Number(n), 1, note(`nota del ${n}`))),
]);
const newest = { by: 'registered', dir: 'desc' } as const;

describe('search quotes every word', () => {
  const profile = profileWith(rows);
  const table: [string, number[]][] = [
    ['ORA-12541', [1]],
    ['ora-125', [1]],
    ['AND', [2]],
    ['NOT tampoco', [2]],
    ['NEAR(a b)', [2]],
    ['OR', [1]],
    ['"', []],
    ['*', []],
    ['" OR *', [1]],
    ['"dobles"', [5]],
    ['subject:correo', [8]],
    ['^inicio', [8]],
    ['{llaves}', [8]],
    ['año', [3, 4]],
    ['ANO', [4, 3]],
    ['senal debil', [7, 6]],
    ['señal débil', [6, 7]],
    ['dragon año', [3]],
    ['MDS-2026-000123', [123]],
    ['123', [123]],
    ['000123', [123]],
    ['K7-123', [123]],
    ['ñahui', [123, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['网络', [9]],
    ['сети', [9]],
    ['nota del 6', [6]],
    ['\u0000', []],
    ['\ud800', []],
    ["'; drop table tickets; --", []],
  ];
  test.each(table)('%j', (text, expected) => {
    const result = profile.ask('queue.window', { ...everything, text, sort: newest });
    expect(numbersOf(result)).toEqual(expected);
    expect(result.total).toBe(expected.length);
  });

  test('blank text is no search; filters and search go together; windows of one search join up', () => {
    expect(profile.ask('queue.window', { ...everything, text: '  ' }).total).toBe(10);
    expect(profile.ask('queue.window', { ...everything, text: '' }).total).toBe(10);
    expect(profile.ask('queue.window', { ...everything, text: 'ñahui', tier: 2 }).total).toBe(0);
    const window = (offset: number) =>
      numbersOf(profile.ask('queue.window', { ...everything, text: 'rosa', offset, limit: 4, sort: newest }));
    expect([...window(0), ...window(4), ...window(8)]).toEqual([123, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});

test('words follow the ticket: changed, removed, renamed requester, pending note, note of the base', () => {
  const profile = profileWith(rows);
  const found = (text: string) => numbersOf(profile.ask('queue.window', { ...everything, text }));
  profile.upsert(ticketRow(ticket(1, { subject: 'Otro asunto', version: 2 })));
  expect([found('oyente'), found('otro')]).toEqual([[], [1]]);
  profile.upsert(entryRow(entry(3, 2, note('llamó el proveedor'))));
  expect(found('proveedor')).toEqual([3]);
  const pending = [entry(4, 2, note('visita acordada'), { recordedAt: null })];
  profile.write((tx) => tx.setOverlay(uid('a', 4), { ticket: ticket(4), entries: pending, doubts: [] }));
  expect(found('acordada')).toEqual([4]);
  profile.write((tx) => tx.setOverlay(uid('a', 4), null));
  expect(found('acordada')).toEqual([]);
  profile.upsert(personRow(1, 'Rosa Quispe', 2));
  expect([found('ñahui'), found('quispe').length]).toEqual([[], 10]);
  profile.write((tx) => tx.removeTicket(uid('a', 3)));
  expect(found('proveedor')).toEqual([]);
});

test('while the first fill loads, the queue and a plain search work; full text takes over at its end', () => {
  const profile = profileWith(rows, { endFill: false });
  const ask = (text: string) => profile.ask('queue.window', { ...everything, text });
  expect(ask('').total).toBe(10);
  expect(numbersOf(ask('dragon'))).toEqual([3]);
  expect(ask('proveedor').total).toBe(0);
  profile.endFill();
  expect(numbersOf(ask('nota del 6'))).toEqual([6]);
});

test('a later fill keeps the old words until its end, then has only its own', () => {
  const profile = profileWith(rows);
  const found = (text: string) => numbersOf(profile.ask('queue.window', { ...everything, text }));
  profile.write((tx) => {
    tx.beginFill();
    tx.upsert([ticketRow(ticket(6, { subject: 'Teclado roto' }))]);
  });
  expect(found('dragon')).toEqual([3]);
  profile.endFill();
  expect([found('dragon'), found('teclado'), found('señal')]).toEqual([[], [6], []]);
});
