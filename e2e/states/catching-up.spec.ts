import { dialog, pill } from '../support/acts.ts';
import { trialPassword } from '../support/desk.ts';
import { expect, technician, test } from '../support/states.ts';
import { openStoreProxy } from '../support/store-proxy.ts';

test('SY4 SY6 the first copy says how far it is, lets work go on, and says “up to date” only when it is whole', async ({
  desk,
  openConsole,
}) => {
  const proxy = await openStoreProxy(desk.url);
  let pages = 0;
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  // The first pages come, the later ones wait for the spec.
  proxy.answer(async (path) => {
    if (path.startsWith('/sync/v1/snapshot')) {
      pages += 1;
      if (pages > 4) await held;
    }
    return null;
  });
  const { page } = await openConsole({ storeUrl: proxy.url });
  await page.getByLabel('Usuario').fill(technician().user);
  await page.getByLabel('Contraseña').fill(trialPassword);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await expect(pill(page)).toHaveText(/^Poniéndose al día( · \d+ %)?$/u);
  await expect(page.getByRole('progressbar', { name: 'Primera copia de los tickets' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Ya puedes registrar llamadas.');

  await page.keyboard.press('n');
  const form = dialog(page, 'Registrar llamada');
  await form.getByRole('combobox', { name: 'Quién llama' }).pressSequentially('zzz nadie');
  await expect(form.getByRole('option', { name: 'el directorio aún se está cargando' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();

  letGo();
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await proxy.close();
});
