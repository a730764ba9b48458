import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dialog, note, openTicket, pane, pill, press, registerCall, rows, timeline } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { draggedFiles, fileCard, noisyPng, savedBytes, sha256, staged, watchPage } from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';

const subject = 'Impresora que corta las hojas';
const photo = noisyPng('Hoja cortada.png', 320, 200);
/** Plain letters: without a locale of UTF-8 the browser does not find a path that has others. */
const log = { name: 'cola de la impresora.log', buffer: Buffer.from('error 0x61 en la bandeja\n'.repeat(400)) };

test('files that are dropped on what is being written go with it, byte for byte; a folder is refused, and beside it nothing opens', async ({
  desk,
  openConsole,
}, info) => {
  const on = (name: string) => join(info.outputDir, name);
  await mkdir(on('Fotos de mayo'), { recursive: true });
  await writeFile(on('Fotos de mayo/una.png'), photo.buffer);
  for (const { name, buffer } of [photo, log]) await writeFile(on(name), buffer);

  const { page } = await openConsole();
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  await registerCall(page, { caller: callerWithDevice(7), subject, description: 'Desde ayer.' });
  await openTicket(page, subject);
  const watched = await watchPage(page);
  const address = page.url();
  const pages = page.context().pages().length;
  const invitation = page.getByText('Suelta para adjuntar');

  await test.step('held over the conversation it is invited; beside every place that takes files it opens nothing', async () => {
    for (const place of [rows(page).first(), pill(page)]) {
      const hand = await draggedFiles(page, [on(photo.name), on(log.name)]);
      await hand.over(timeline(page));
      await expect(invitation).toBeVisible();
      await hand.over(place);
      await expect(invitation).toBeHidden();
      await hand.drop(place);
    }
    await expect(page.locator('[data-staged]')).toHaveCount(0);
  });

  await test.step('two files and a folder on the conversation: two are taken, the folder is told of', async () => {
    const hand = await draggedFiles(page, [on(photo.name), on('Fotos de mayo'), on(log.name)]);
    await hand.over(timeline(page));
    await expect(invitation).toBeVisible();
    await hand.drop(timeline(page));
    await expect(invitation).toBeHidden();
    await expect(staged(pane(page))).toHaveCount(2);
    const told = pane(page).getByRole('alert');
    await expect(told).toHaveCount(1);
    await expect(told).toContainText('Es una carpeta: adjunta sus archivos, o comprímela.');
    await note(page).fill('Así salen las hojas.');
    await page.keyboard.press('Control+Enter');
    await expect(timeline(page).locator('[data-file-state=sent]')).toHaveCount(2);
    const { entries } = await storedTicket(desk, subject);
    const added = entries.flatMap(({ event }) => (event.type === 'attachmentAdded' ? [event] : []));
    expect(added.map(({ name, size, sha256: hash }) => [name, size, hash])).toEqual(
      [photo, log].map(({ name, buffer }) => [name, buffer.length, sha256(buffer)]),
    );
    const save = fileCard(page, log.name).getByRole('button', { name: /^Guardar cola/u });
    if (info.project.name === 'portable')
      expect((await savedBytes(page, () => save.click())).bytes.equals(log.buffer)).toBe(true);
  });

  await test.step('on a dialog they go with that act, and not with what is below it', async () => {
    await press(page, 'Registrar visita');
    const form = dialog(page, 'Registrar visita');
    const hand = await draggedFiles(page, [on(photo.name)]);
    await hand.over(form.getByLabel('Qué se hizo'));
    await expect(form.getByText('Suelta para adjuntar')).toBeVisible();
    await hand.drop(form.getByLabel('Qué se hizo'));
    await expect(staged(form)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
    await expect(staged(pane(page))).toHaveCount(0);
  });

  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(pages);
  await expect(pane(page)).toContainText(subject);
  await watched.expectClean();
});
