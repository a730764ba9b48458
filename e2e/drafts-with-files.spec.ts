import { dialog, note, openTicket, pane, pill, press, registerCall } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { fileCard, noisyPng, pick, staged } from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';

const subject = 'Cámara de la entrada sin imagen';
const one = noisyPng('Cámara de la entrada.png', 320, 200);
const two = noisyPng('Cable cortado.png', 200, 160);

test('SY1 files without a text are drafts: listed with their number, taken up again from there, discarded only by hand', async ({
  desk,
  openConsole,
}) => {
  const { page } = await openConsole();
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  await registerCall(page, { caller: callerWithDevice(5), subject, description: 'Desde anoche.' });
  await openTicket(page, subject);
  const drafts = dialog(page, 'Borradores');
  const openDrafts = async () => {
    // Keys go to the page, not into a text.
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await expect(drafts).toBeVisible();
  };

  await test.step('a note of files alone, and a visit with a text and a file', async () => {
    await pick(page, [one, two]);
    await expect(staged(pane(page))).toHaveCount(2);
    await press(page, 'Registrar visita');
    const form = dialog(page, 'Registrar visita');
    await form.getByLabel('Qué se hizo').fill('Se cambió el cable.');
    await pick(page, [two], form);
    await expect(staged(form)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
  });

  await test.step('an emptied text leaves its files', async () => {
    await note(page).fill('Sobra');
    await expect(page.locator('[data-draft-state=saved]')).toBeVisible();
    await note(page).fill('');
    await note(page).blur();
    await expect(page.locator('[data-draft-state=clean]')).toHaveCount(1);
    await expect(staged(pane(page))).toHaveCount(2);
  });

  await test.step('both are listed after the page begins anew', async () => {
    await page.reload();
    await expect(pill(page)).toHaveText('Al día');
    await openDrafts();
    const listed = drafts.getByRole('listitem');
    await expect(listed).toHaveCount(2);
    const ofNote = listed.filter({ hasText: 'Nota interna' });
    await expect(ofNote).toContainText('2 archivos');
    await expect(ofNote).toContainText(`${one.name} · ${two.name}`);
    await expect(listed.filter({ hasText: 'Visita' })).toContainText('Se cambió el cable.');
    await expect(listed.filter({ hasText: 'Visita' })).toContainText('1 archivo');
  });

  await test.step('the visit goes on where it stood, with its file', async () => {
    await drafts.getByRole('listitem').filter({ hasText: 'Visita' }).getByRole('button', { name: 'Abrir' }).click();
    const form = dialog(page, 'Registrar visita');
    await expect(form.getByLabel('Qué se hizo')).toHaveValue('Se cambió el cable.');
    await expect(staged(form)).toHaveCount(1);
    await page.keyboard.press('Control+Enter');
    await expect(form).toBeHidden();
    await expect(fileCard(page, two.name)).toHaveCount(1);
  });

  await test.step('the note’s files are discarded, asked for by their number', async () => {
    await openDrafts();
    const ofNote = drafts.getByRole('listitem');
    await expect(ofNote).toHaveCount(1);
    await ofNote.getByRole('button', { name: 'Descartar' }).click();
    await expect(ofNote).toContainText('¿Descartar estos 2 archivos?');
    await ofNote.getByRole('button', { name: 'Descartar' }).last().click();
    await expect(drafts).toContainText('No tienes textos a medio escribir ni archivos en espera.');
    await page.keyboard.press('Escape');
    await expect(drafts).toBeHidden();
    await expect(note(page)).toBeVisible();
    await expect(staged(pane(page))).toHaveCount(0);
  });

  await test.step('the file of the visit is at the store', async () => {
    await expect(fileCard(page, two.name)).toHaveAttribute('data-file-state', 'sent');
    const { ticket } = await storedTicket(desk, subject);
    expect(ticket.attachments).toMatchObject({ count: 1, waiting: 0 });
  });
});
