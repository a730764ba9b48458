import { dialog, openTicket, pane, pill, press, registerCall, timeline, writeNote } from '../support/acts.ts';
import { callerWithDevice, storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

test('a duplicate is merged after both were read, each leads to the other, and it is undone', async ({
  desk,
  openConsole,
}) => {
  const [duplicate, stays] = ['Correo caído, segunda llamada', 'Correo caído en toda la sede'];
  const { page } = await openConsole();
  await signIn(page, technician().user);
  await ownTicket(page, stays);
  await registerCall(page, { caller: callerWithDevice(3), subject: duplicate, description: 'Otra vez lo mismo.' });
  await openTicket(page, duplicate);
  await press(page, 'Unir a otro ticket');
  const form = dialog(page, /^Unir .* a otro ticket$/u);
  await form.getByRole('combobox').fill('Correo caído en toda');
  await form.getByRole('option', { name: stays }).click();
  await expect(form.getByRole('region', { name: 'Se cierra como duplicado' })).toContainText(duplicate);
  await expect(form.getByRole('region', { name: 'Sigue la atención' })).toContainText(stays);
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
  await expect(pane(page)).toContainText('Cerrado · unido a otro');
  await expect(pane(page).locator('[data-relation=mergedInto]')).toContainText(stays);
  await expect.poll(async () => (await storedTicket(desk, duplicate)).ticket.status).toBe('closed');

  await pane(page).locator('[data-relation=mergedInto]').getByRole('button').click();
  await expect(pane(page).getByRole('heading', { name: stays })).toBeVisible();
  const merged = pane(page).locator('[data-relation=duplicate]');
  await expect(merged).toContainText('1 ticket unido a este');
  await merged.getByRole('button', { name: duplicate }).click();
  await expect(timeline(page)).toContainText('lo unió a');

  await pane(page).getByRole('button', { name: 'Deshacer unión' }).click();
  await dialog(page, /^Deshacer la unión/u)
    .getByLabel('Motivo')
    .fill('Era otra sede');
  await page.keyboard.press('Control+Enter');
  await expect(pane(page).locator('[data-relation=mergedInto]')).toHaveCount(0);
  await expect(pill(page)).toHaveText('Al día');
  await expect.poll(async () => (await storedTicket(desk, duplicate)).ticket.status).toBe('new');
  expect((await storedTicket(desk, stays)).entries).toHaveLength(1);
});

test('another request is split off with its texts, both tickets know of each other, and it is undone', async ({
  desk,
  openConsole,
}) => {
  const [origin, part] = ['Anexo sin tono y silla rota', 'Silla rota en la oficina 204'];
  const text = 'Además pide cambiar una silla rota.';
  const { page } = await openConsole();
  await signIn(page, technician(1).user);
  await ownTicket(page, origin);
  await openTicket(page, origin);
  await writeNote(page, text);
  await press(page, 'Dividir ticket');
  const form = dialog(page, /^Dividir /u);
  await form.getByLabel('Asunto del ticket nuevo').fill(part);
  await form.getByRole('checkbox', { name: text }).check();
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
  await expect(pane(page).getByRole('heading', { name: part })).toBeVisible();
  await expect(pane(page).locator('[data-relation=splitFrom]')).toContainText(origin);
  await expect(timeline(page)).toContainText(text);
  await expect.poll(async () => (await storedTicket(desk, part)).ticket.number).toMatch(/^MDS-/u);

  await pane(page).locator('[data-relation=splitFrom]').getByRole('button').click();
  const off = pane(page).locator('[data-relation=splitOff]');
  await expect(off).toContainText('1 ticket salió de este');
  await off.getByRole('button', { name: part }).click();
  await pane(page).getByRole('button', { name: 'Deshacer división' }).click();
  await dialog(page, /^Deshacer la división/u)
    .getByLabel('Motivo')
    .fill('Lo verá el mismo técnico');
  await page.keyboard.press('Control+Enter');
  await expect(pane(page).locator('[data-relation=splitFrom]')).toContainText('La división se deshizo');
  await expect.poll(async () => (await storedTicket(desk, part)).ticket.status).toBe('cancelled');
  expect((await storedTicket(desk, origin)).entries).toHaveLength(2);
});
