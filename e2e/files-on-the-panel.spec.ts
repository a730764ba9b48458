import { dialog, note, openTicket, pane, pill, reconnected, registerCall } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { fileCard, noisyPng, pick, staged } from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { openLink } from './support/link.ts';

const subject = 'Plano del piso 2 por revisar';
const plan = noisyPng('Plano del piso 2.png', 1_000, 900);

test('C144 a file that follows its text has a row on the panel: name, how far, tried again, and gone once it is through', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const { page } = await openConsole({ storeUrl: link.url });
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  await registerCall(page, { caller: callerWithDevice(7), subject, description: 'Llega en partes.' });
  await openTicket(page, subject);
  await pick(page, [plan]);
  await expect(staged(pane(page))).toHaveCount(1);
  await expect(pill(page)).toHaveText('Al día');
  // A minute and a half for the file: whatever is looked at is looked at before it is through.
  link.narrow(30_000);
  await note(page).fill('Adjunto el plano.');
  await page.keyboard.press('Control+Enter');
  await expect(note(page)).toHaveValue('');
  await expect(pill(page)).toContainText('Enviando 1 archivo');

  const panel = dialog(page, 'Por enviar');
  const row = panel.locator('[data-file-on-its-way]').filter({ hasText: plan.name });
  await test.step('while it goes', async () => {
    await pill(page).click();
    await expect(panel.getByText('Archivos en camino')).toBeVisible();
    await expect(row).toHaveAttribute('data-file-on-its-way', 'sending');
    await expect(row).toContainText(/enviando \d+ %/u);
    await expect(row).toContainText(subject);
    await expect(row.getByRole('progressbar')).toBeVisible();
  });

  await test.step('the link is cut in the middle of it', async () => {
    link.cut();
    await expect(row).toHaveAttribute('data-file-on-its-way', 'waiting');
    // Whether the piece or the line itself was missed first is the network's doing.
    await expect(row).toContainText(/se reintenta · \d+ intentos? sin éxito|en espera/u);
  });

  await test.step('the link is back: it goes on and leaves the panel', async () => {
    link.heal();
    await page.keyboard.press('Escape');
    await reconnected(page);
    await expect(fileCard(page, plan.name)).toHaveAttribute('data-file-state', 'sent');
    await pill(page).click();
    await expect(panel).toContainText('Todo enviado');
    await expect(panel.locator('[data-file-on-its-way]')).toHaveCount(0);
    expect((await storedTicket(desk, subject)).ticket.attachments).toMatchObject({ count: 1, waiting: 0 });
  });
  await link.close();
});
