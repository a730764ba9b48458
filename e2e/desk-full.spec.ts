import { dialog, note, openTicket, pane, pill, registerCall } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { fileCard, noisyPng, pick, staged } from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { failure, openStoreProxy } from './support/store-proxy.ts';

const subject = 'Fotos del tablero eléctrico';
const first = noisyPng('Tablero.png', 320, 200);
const second = noisyPng('Llave.png', 320, 200);

test('C145 a desk with no room for files says so at the file that waits, and before a further one is read', async ({
  desk,
  openConsole,
}) => {
  const proxy = await openStoreProxy(desk.url);
  proxy.answer((path) => (path.startsWith('/blobs/v1/uploads') ? failure('deskFull', 507) : null));
  const { page } = await openConsole({ storeUrl: proxy.url });
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  await registerCall(page, { caller: callerWithDevice(10), subject, description: 'Antes de la visita.' });
  await openTicket(page, subject);

  const panel = dialog(page, 'Por enviar');
  await test.step('the text goes, its file waits and says why', async () => {
    await pick(page, [first]);
    await expect(staged(pane(page))).toHaveCount(1);
    await note(page).fill('Va la foto del tablero.');
    await page.keyboard.press('Control+Enter');
    await expect(note(page)).toHaveValue('');
    await expect(pill(page)).toContainText('1 archivo');
    await pill(page).click();
    const row = panel.locator('[data-file-on-its-way]').filter({ hasText: first.name });
    await expect(row).toContainText('espera lugar en la mesa');
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    const { entries } = await storedTicket(desk, subject);
    expect(entries.map(({ event }) => event.type)).toEqual(['registered', 'noteAdded', 'attachmentAdded']);
  });

  await test.step('a further file is refused before it is read, in words', async () => {
    await pick(page, [second]);
    await expect(pane(page).getByRole('alert')).toContainText('La mesa no tiene lugar para más archivos');
    await pane(page)
      .getByRole('button', { name: `Quitar ${second.name}` })
      .click();
  });

  await test.step('there is room again: what waited goes, and files are taken', async () => {
    proxy.answer(null);
    await expect(fileCard(page, first.name)).toHaveAttribute('data-file-state', 'sent', { timeout: 120_000 });
    await pick(page, [second]);
    await expect(staged(pane(page))).toHaveCount(1);
  });
  await proxy.close();
});
