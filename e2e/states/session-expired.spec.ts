import { dialog, openTicket, pill, timeline, writeNote } from '../support/acts.ts';
import { storedTicket, trialPassword } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Micrófono sin volumen';

test('SY1 the session ends with work to be sent: nothing is lost, work goes on, and it leaves after the password', async ({
  desk,
  openConsole,
}) => {
  const me = technician(2);
  const { page } = await openConsole();
  await signIn(page, me.user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  await desk.query(
    `update sessions set revoked_at = 1 where account_id = (select id from accounts where user_name = $1)`,
    [me.user],
  );
  await writeNote(page, 'Escrita cuando la sesión ya no valía.');
  const banner = page.getByRole('status').filter({ hasText: 'Tu sesión venció con 1 acto por enviar.' });
  await expect(banner).toContainText('Nada se perdió: sale en cuanto entres de nuevo');
  await expect(pill(page)).toHaveText('Sesión vencida · 1 por enviar');
  await writeNote(page, 'Y se sigue escribiendo.');
  await expect(pill(page)).toHaveText('Sesión vencida · 2 por enviar');
  await expect(page.getByRole('main')).toContainText('con 2 actos por enviar');

  await page.getByRole('button', { name: 'Entrar de nuevo' }).click();
  await dialog(page, 'Entrar de nuevo').getByLabel('Contraseña').fill(trialPassword);
  await page.keyboard.press('Enter');
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
  await expect(timeline(page).locator('[data-pending]')).toHaveCount(0);
  expect((await storedTicket(desk, subject)).ticket.noteCount).toBe(2);
});
