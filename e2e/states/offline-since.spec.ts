import { openTicket, pane, pill, reconnected, timeline, writeNote } from '../support/acts.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Escáner sin enlace';

test('SY10 offline since when, how much waits, when the next attempt is; nothing waits once the link returns', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const { page } = await openConsole({ storeUrl: link.url });
  await signIn(page, technician().user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  link.cut();
  await expect(pill(page)).toHaveText(/^Sin conexión desde \d{1,2}:\d{2}$/u);
  await writeNote(page, 'Se revisó el cable.');
  await expect(pill(page)).toHaveText(/^Sin conexión desde \d{1,2}:\d{2} · 1 por enviar$/u);
  await expect(timeline(page).locator('[data-pending=waiting]')).toContainText('por enviar');
  await pill(page).click();
  const panel = page.getByRole('dialog', { name: 'Por enviar' });
  await expect(panel).toContainText('Todo está guardado en este equipo. Se enviará al volver el enlace.');
  await expect(panel).toContainText(/Próximo intento en \d+\ss\.|Intentando ahora…/u);
  await expect(panel.getByRole('listitem')).toContainText('Nota');
  await page.keyboard.press('Escape');
  link.heal();
  await reconnected(page);
  await expect(pill(page)).toHaveText('Al día');
  await expect(pane(page).locator('[data-pending]')).toHaveCount(0);
  await link.close();
});
