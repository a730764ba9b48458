import { dialog, pane, pill, timeline } from './support/acts.ts';
import { personOf, storedTicket } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';

test('R15 a caller of no directory is helped on the phone: registered, taken and resolved as one act, however often it is clicked', async ({
  desk,
  openConsole,
}) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const { page } = await openConsole();
  await signIn(page, me.user);
  await page.getByRole('button', { name: 'Registrar llamada' }).click();
  const form = dialog(page, 'Registrar llamada');
  await form.getByRole('combobox', { name: 'Quién llama' }).fill('Zenobia Quispe Externa');
  await form.getByRole('option', { name: 'Registrar a «Zenobia Quispe Externa», fuera del directorio' }).click();
  await form.getByLabel('Unidad', { exact: true }).first().fill('Consorcio Andino');
  await form.getByLabel('Anexo o teléfono').fill('987 654 321');
  await form.getByRole('textbox', { name: 'Asunto' }).fill('No recuerda su clave de la mesa de partes');
  await form.getByRole('textbox', { name: 'Descripción' }).fill('La olvidó tras las vacaciones.');

  // Without a solution nothing is resolved.
  await page.keyboard.press('Alt+Enter');
  await form.getByRole('button', { name: 'Resuelto en la llamada' }).click();
  await expect(form.getByText('Para resolver hay que escribir la solución.')).toBeVisible();
  await form.getByRole('textbox', { name: 'Solución' }).fill('Se restableció la clave y entró.');
  await form.getByRole('button', { name: 'Resuelto en la llamada' }).dblclick();
  await expect(form).toBeHidden();

  await expect(timeline(page)).toContainText('resolvió en la llamada');
  await expect(pane(page)).toContainText('Resuelto');
  await expect(pill(page)).toHaveText('Al día');
  const { ticket, entries } = await storedTicket(desk, 'No recuerda su clave de la mesa de partes');
  expect(entries.map((entry) => entry.event.type)).toEqual(['registered', 'claimed', 'resolved']);
  expect(ticket).toMatchObject({
    status: 'resolved',
    assigneeId: me.personId,
    solution: 'Se restableció la clave y entró.',
    requester: { unlisted: { name: 'Zenobia Quispe Externa', unit: 'Consorcio Andino', extension: '987 654 321' } },
    clocks: { resolvedOnCall: true },
  });
});
