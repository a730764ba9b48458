import type { Page } from '@playwright/test';
import { openTicket, pane, pill, reconnected, timeline } from '../support/acts.ts';
import { storedTicket, storedTickets } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Impresora de planillas atascada';
const [mine, theirs] = ['Impresora de planillas: bandeja 2', 'Impresora de planillas: fusor'];

async function rename(page: Page, to: string): Promise<void> {
  await pane(page).getByRole('heading', { name: subject }).getByRole('button').click();
  await pane(page).getByRole('textbox', { name: 'Asunto' }).fill(to);
  await page.keyboard.press('Enter');
  await expect(pane(page).getByRole('heading', { name: to })).toBeVisible();
}

test('two changes of one field that crossed stand side by side, with who and when, until one who may settles it', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const [away, near] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  const [page, other] = [away.page, near.page];
  await Promise.all([signIn(page, technician().user), signIn(other, technician(1).user)]);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  await openTicket(other, subject);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await rename(page, mine);
  await rename(other, theirs);
  await expect.poll(async () => (await storedTickets(desk, theirs)).length).toBe(1);
  link.heal();
  await reconnected(page);
  const parked = pane(page).locator('[data-parked]');
  await expect(parked).toContainText('Dos cambios se cruzaron');
  await expect(parked).toContainText(`${technician().name} quiso cambiar el asunto`);
  await expect(parked).toContainText(new RegExp(`Quedó · ${technician(1).name}, \\d`, 'u'));
  await expect(parked.locator('dd')).toHaveText([theirs, mine]);
  await pill(page).click();
  const line = page
    .getByRole('dialog', { name: 'Por enviar' })
    .getByRole('listitem')
    .filter({ hasText: 'en conflicto' });
  await expect(line.locator('dd')).toHaveText([theirs, mine]);
  await page.keyboard.press('Escape');

  await parked.getByRole('button', { name: 'Usar lo propuesto' }).click();
  await expect(parked).toHaveCount(0);
  await expect(pane(page).getByRole('heading', { name: mine })).toBeVisible();
  await expect(timeline(page)).toContainText('atendió el cambio en espera');
  await expect.poll(async () => (await storedTicket(desk, mine)).ticket.parked).toEqual([]);
  await link.close();
});
