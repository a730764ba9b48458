import {
  dialog,
  note,
  openTicket,
  pane,
  pill,
  press,
  reconnected,
  registerCall,
  timeline,
  writeNote,
} from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';

const old = 'Lectora de huella no reconoce';
const born = 'Teléfono IP sin tono';

test('SY1 kill -9 of the console with pending work and half-written drafts: all there after a restart, and it goes out', async ({
  desk,
  openConsole,
}) => {
  const me = personOf({ team: 'Mesa de Servicio' }, 2);
  const console = await openConsole();
  await signIn(console.page, me.user);
  await registerCall(console.page, {
    caller: callerWithDevice(1),
    subject: old,
    description: 'En la puerta de OGA.',
  });
  await expect(pill(console.page)).toHaveText('Al día');
  await desk.stop('kill');

  await test.step('work without a store, cut off in the middle of two texts', async () => {
    const { page } = console;
    await registerCall(page, {
      caller: callerWithDevice(3),
      subject: born,
      description: 'Desde hoy temprano.',
    });
    await openTicket(page, old);
    await press(page, 'Tomar');
    await writeNote(page, 'Se limpió el lector.');
    await expect(pill(page)).toHaveText(/^Sin conexión desde .* · 3 por enviar$/u);
    await note(page).fill('Falta probar con otro dedo y');
    await expect(pane(page).getByText('Borrador guardado')).toBeVisible();
    await press(page, 'Escalar');
    const form = dialog(page, /^Escalar /u);
    await form.getByLabel('Qué se probó').fill('Limpieza y otro puerto USB');
    await form.getByLabel('Qué falta').fill('Cambiar el lector en');
    await expect(form.getByText('Borrador guardado')).toBeVisible();
    await console.kill();
  });

  await console.reopen();
  const { page } = console;
  await test.step('everything is there', async () => {
    await expect(pill(page)).toHaveText(/^Sin conexión desde .* · 3 por enviar$/u, { timeout: 90_000 });
    await openTicket(page, old);
    await expect(timeline(page).getByRole('article').filter({ hasText: 'Se limpió el lector.' })).toContainText(
      'por enviar',
    );
    await expect(note(page)).toHaveValue('Falta probar con otro dedo y');
    await press(page, 'Escalar');
    const form = dialog(page, /^Escalar /u);
    await expect(form.getByLabel('Qué se probó')).toHaveValue('Limpieza y otro puerto USB');
    await expect(form.getByLabel('Qué falta')).toHaveValue('Cambiar el lector en');
    await expect(form).toContainText('Recuperado de tu borrador');
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
  });

  await desk.start();
  await reconnected(page);
  const { ticket, entries } = await storedTicket(desk, old);
  expect(entries.map((entry) => entry.event.type)).toEqual(['registered', 'claimed', 'noteAdded']);
  expect(ticket.assigneeId).toBe(me.personId);
  expect((await storedTicket(desk, born)).entries).toHaveLength(1);
  await expect(note(page)).toHaveValue('Falta probar con otro dedo y');
});
