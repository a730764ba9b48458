import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { dialog, pill, registerCall } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket, trialPassword } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { firstJsonLine } from './support/json-line.ts';

test('sign-in says in words what is wrong; a new password replaces the old one', async ({ desk, openConsole }) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const next = 'quinua-andina-3800';
  const { page } = await openConsole();
  const enter = async (password: string) => {
    await page.getByLabel('Usuario').fill(me.user);
    await page.getByLabel('Contraseña').fill(password);
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
  };
  await enter('no-es-esta');
  await expect(page.getByRole('alert')).toHaveText('Usuario o contraseña incorrectos.');
  await desk.stop('kill');
  await enter(trialPassword);
  await expect(page.getByRole('alert')).toContainText('hace falta el enlace');
  await desk.start();
  await signIn(page, me.user);

  await page.getByRole('button', { name: `Cuenta de ${me.name}` }).click();
  await page.getByRole('menuitem', { name: 'Cambiar contraseña' }).click();
  const form = dialog(page, 'Cambiar contraseña');
  await form.getByLabel('Contraseña nueva', { exact: true }).fill('corta');
  await expect(form).toContainText('Faltan 5 caracteres.');
  await form.getByLabel('Contraseña nueva', { exact: true }).fill(next);
  await form.getByLabel('Repite la contraseña nueva').fill('otra-cosa-3800');
  await expect(form).toContainText('Las dos no coinciden.');
  await form.getByLabel('Repite la contraseña nueva').fill(next);
  await form.getByLabel('Contraseña actual').fill('no-es-esta');
  await form.getByRole('button', { name: 'Cambiar', exact: true }).click();
  await expect(form).toContainText('incorrectos');
  await form.getByLabel('Contraseña actual').fill(trialPassword);
  await form.getByRole('button', { name: 'Cambiar', exact: true }).click();
  await expect(page.getByText('Contraseña cambiada')).toBeVisible();

  await page.getByRole('button', { name: `Cuenta de ${me.name}` }).click();
  await page.getByRole('menuitem', { name: 'Cerrar sesión' }).click();
  await enter(trialPassword);
  await expect(page.getByRole('alert')).toHaveText('Usuario o contraseña incorrectos.');
  await enter(next);
  await expect(pill(page)).toHaveText('Al día');
});

test('signing out keeps what waits to be sent, says so by name, and sends it for the person who left', async ({
  desk,
  openConsole,
}) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const { page } = await openConsole();
  await signIn(page, me.user);
  await desk.stop('kill');
  await registerCall(page, {
    caller: callerWithDevice(),
    subject: 'Monitor con rayas',
    description: 'Desde esta mañana, en Excel.',
  });
  await expect(pill(page)).toContainText('1 por enviar');
  await page.getByRole('button', { name: `Cuenta de ${me.name}` }).click();
  await page.getByRole('menuitem', { name: 'Cerrar sesión' }).click();
  await expect(page.getByRole('button', { name: `${me.name}: 1 por enviar` })).toBeVisible();
  await desk.start();
  await expect(page.getByRole('button', { name: `${me.name}: nada por enviar` })).toBeVisible({ timeout: 60_000 });
  expect((await storedTicket(desk, 'Monitor con rayas')).ticket.registeredBy).toBe(me.personId);
});

test('language and theme are the person’s, and stay after a restart', async ({ openConsole }) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const console = await openConsole();
  await signIn(console.page, me.user);
  const html = console.page.locator('html');
  await expect(html).toHaveAttribute('lang', 'es');
  await expect(html).toHaveAttribute('data-theme', 'light');
  await console.page.getByRole('button', { name: `Cuenta de ${me.name}` }).click();
  await console.page.getByRole('menuitem', { name: 'Tema oscuro' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await console.page.getByRole('button', { name: `Cuenta de ${me.name}` }).click();
  await console.page.getByRole('menuitem', { name: 'English' }).click();
  await expect(pill(console.page)).toHaveText('Up to date');
  await expect(console.page.getByRole('button', { name: 'My tickets' })).toBeVisible();
  await expect(html).toHaveAttribute('lang', 'en');

  await console.quit();
  await console.reopen();
  await expect(pill(console.page)).toHaveText('Up to date', { timeout: 90_000 });
  await expect(console.page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a trial’s store offers its accounts: one click and in', async ({ openConsole }) => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-e2e-trial-'));
  const main = join(import.meta.dirname, '..', 'src', 'store', 'main.ts');
  const trial = spawn(process.execPath, [main, 'trial', '--data', folder, '--json', '--port', '0'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const ready = z.object({ store: z.object({ url: z.string() }), accounts: z.array(z.object({ user: z.string() })) });
    const { store, accounts } = ready.parse(await firstJsonLine(trial));
    const { page } = await openConsole({ storeUrl: store.url });
    const offered = page
      .getByRole('region', { name: 'Cuentas de prueba' })
      .or(page.locator('section', { hasText: 'Cuentas de prueba' }));
    await expect(offered.getByRole('listitem').first()).toBeVisible();
    const me = personOf({ role: 'supervisor' });
    expect(accounts.map((account) => account.user)).toContain(me.user);
    await offered.getByRole('button', { name: me.name }).click();
    await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
    await expect(page.getByRole('button', { name: 'Supervisión' })).toBeVisible();
  } finally {
    const ended = once(trial, 'exit');
    trial.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
