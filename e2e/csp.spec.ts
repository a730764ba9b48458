import type { Page } from '@playwright/test';
import { dialog, openTicket, pill, press, registerCall, rows, writeNote } from './support/acts.ts';
import { callerWithDevice, personOf, trialPassword } from './support/desk.ts';
import { expect, test } from './support/fixtures.ts';

const subject = 'Recorrido por todas las pantallas';
/** Acts that ask for something first: each has a dialog. */
const acts = [
  'Escalar',
  'Sesión remota',
  'Resolver',
  'Cambiar estado',
  'Reasignar',
  'Transferir',
  'Registrar visita',
  'Cambiar modalidad',
  'Elegir equipo',
  'Reclasificar',
  'Vincular a un problema',
  'Unir a otro ticket',
  'Dividir ticket',
  'Anular',
];

test('threat 1: a walk over every screen and dialog breaks no content policy and throws nothing', async ({
  openConsole,
}) => {
  const boss = personOf({ role: 'supervisor' });
  const { page } = await openConsole();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    const expected = /Failed to load resource/u.test(message.text()) && message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !expected) wrong.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    Reflect.set(globalThis, 'e2eViolations', []);
    document.addEventListener('securitypolicyviolation', (event) =>
      Reflect.get(globalThis, 'e2eViolations').push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  // From the first byte, with the listeners in place.
  await page.getByLabel('Usuario').waitFor();
  await page.reload();

  await page.getByLabel('Usuario').fill(boss.user);
  await page.getByLabel('Contraseña').fill('no-es-esta');
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Contraseña').fill(trialPassword);
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });

  await test.step('lists', async () => {
    const views = page.getByRole('navigation').getByRole('listitem').getByRole('button');
    await expect(views.first()).toBeVisible();
    for (let index = 0; index < (await views.count()); index += 1) {
      await views.nth(index).click();
      await expect(views.nth(index)).toHaveAttribute('aria-current', 'page');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    await page.getByRole('searchbox', { name: 'Buscar' }).fill('planilla');
    await expect(rows(page).first()).toBeVisible();
    for (const key of ['Escape', 'Escape']) await page.getByRole('searchbox', { name: 'Buscar' }).press(key);
  });

  await test.step('a ticket and its dialogs', async () => {
    await registerCall(page, { caller: callerWithDevice(7), subject, description: 'De una en una, todas.' });
    await openTicket(page, subject);
    await writeNote(page, 'Una nota con <b>marcas</b> y https://example.pe/enlace.');
    await press(page, 'Asignar');
    const assign = dialog(page, /^Asignar /u);
    await assign.getByRole('combobox', { name: 'Persona', exact: true }).click();
    await page.getByRole('option').nth(1).click();
    await page.keyboard.press('Control+Enter');
    await expect(assign).toBeHidden();
    for (const name of acts) {
      await press(page, name);
      await expect(page.getByRole('dialog'), name).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog'), name).toBeHidden();
    }
  });

  await test.step('everything that lies over the screen', async () => {
    for (const name of ['Preferencias', 'Atajos de teclado', 'Cambiar contraseña', 'Salir y borrar este equipo…']) {
      await page.getByRole('button', { name: `Cuenta de ${boss.name}` }).click();
      await page.getByRole('menuitem', { name }).click();
      await expect(page.getByRole('dialog'), name).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog'), name).toBeHidden();
    }
    await pill(page).click();
    await expect(dialog(page, 'Por enviar')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+p');
    const palette = page.getByRole('dialog', { name: 'Buscar o hacer' });
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
    for (const [name, theme] of [
      ['Tema oscuro', 'dark'],
      ['Tema claro', 'light'],
    ] as const) {
      await page.getByRole('button', { name: `Cuenta de ${boss.name}` }).click();
      await page.getByRole('menuitem', { name }).click();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    }
  });

  expect(await violations(page)).toEqual([]);
  expect(wrong.filter((line) => !line.includes('401'))).toEqual([]);
});

const violations = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(globalThis, 'e2eViolations'));
