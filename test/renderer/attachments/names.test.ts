import { expect, it } from 'vitest';
import { base64ToBytes, bytesToBase64 } from '../../../src/renderer/features/attachments/base64.ts';
import { splitName } from '../../../src/renderer/features/attachments/file-name.tsx';
import { datedName, endingOfType, pastedFiles } from '../../../src/renderer/features/attachments/given-files.ts';

it('a name is cut before its ending, and no character is lost', () => {
  for (const name of [
    'Informe técnico de la visita - versión final.pdf',
    'a.b',
    'sin ending',
    'foto 👩🏽‍🔧.jpeg',
    '.oculto',
    'x.muylargaending',
  ])
    expect(splitName(name).head + splitName(name).tail).toBe(name);
  expect(splitName('Informe técnico de la visita.pdf').tail).toBe('isita.pdf');
});

it('what is pasted or photographed is called by its time at the desk', () => {
  const at = new Date(Date.UTC(2026, 10, 23, 14, 5, 9));
  expect(datedName('Captura', at, 'America/Lima', 'png')).toBe('Captura 2026-11-23 09.05.09.png');
  expect([endingOfType('image/jpeg'), endingOfType('image/webp'), endingOfType('application/x')]).toEqual([
    'jpg',
    'webp',
    'png',
  ]);
});

it('a paste with words stays with the words; a screenshot gets a name of its own, a copied file keeps its', () => {
  const pasted = (types: string[], files: File[]) =>
    pastedFiles(
      {
        types,
        items: files.map((file) => ({ kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => null })),
      } as never,
      () => 'Captura.png',
    );
  const image = new File(['x'], 'image.png', { type: 'image/png' });
  expect(pasted(['text/plain', 'text/html', 'Files'], [image])).toBeNull();
  expect(pasted(['text/plain'], [])).toBeNull();
  expect(pastedFiles(null, () => '')).toBeNull();
  const own = new File(['x'], 'acta.pdf', { type: 'application/pdf' });
  expect(pasted(['Files'], [image, own])?.files.map(({ name }) => name)).toEqual(['Captura.png', 'acta.pdf']);
});

it('bytes travel as base64 and come back', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7919) & 255);
  const text = bytesToBase64(bytes);
  expect(text).toBe(Buffer.from(bytes).toString('base64'));
  expect(base64ToBytes(text)).toEqual(bytes);
});
