import { dialog, openTicket, pane, pill, press, reconnected } from '../support/acts.ts';
import { storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Intranet pide clave dos veces';
const solution = 'Se borró la clave guardada y se entró de nuevo.';

test('SY9 a refused act says what and why, keeps its words, and is copied, edited, done again or discarded by its author', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const [away, near] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  const [page, other] = [away.page, near.page];
  await Promise.all([signIn(page, technician().user), signIn(other, technician(1).user)]);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  await press(page, 'Tomar');
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.assigneeId).toBe(technician().personId);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await press(page, 'Resolver');
  await dialog(page, /^Resolver /u)
    .getByLabel('Solución')
    .fill(solution);
  await page.keyboard.press('Control+Enter');
  await expect(pill(page)).toContainText('1 por enviar');

  await openTicket(other, subject);
  await press(other, 'Anular');
  await dialog(other, /^Anular /u)
    .getByLabel('Motivo')
    .fill('Se registró por error');
  await other.keyboard.press('Control+Enter');
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.status).toBe('cancelled');

  link.heal();
  await reconnected(page);
  await expect(pill(page)).toContainText('1 no aplicado');
  const refused = pane(page).locator('[data-refused]');
  await expect(refused).toContainText('No se aplicó: resolver');
  await expect(refused).toContainText('El ticket ya está anulado');
  await expect(refused).toContainText(solution);

  await test.step('done again as it was: said no to at once, in words', async () => {
    await refused.getByRole('button', { name: 'Volver a aplicar' }).click();
    await expect(refused.getByRole('alert')).toContainText('El ticket ya está anulado');
  });
  await test.step('edited: its form opens with its words', async () => {
    await refused.getByRole('button', { name: 'Editar' }).click();
    const form = dialog(page, /^Resolver /u);
    await expect(form.getByLabel('Solución')).toHaveValue(solution);
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
  });
  await test.step('discarded: asked twice, because it holds words', async () => {
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await expect(refused).toContainText('¿Quitarlo de la vista? El texto sigue en el archivo de este equipo.');
    await refused.getByRole('button', { name: 'Cancelar' }).click();
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await expect(refused).toHaveCount(0);
    await expect(pill(page)).toHaveText('Al día');
  });
  await link.close();
});
