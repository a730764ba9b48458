import { dialog, escalate, openTicket, pane, pill, press, rows, timeline, writeNote } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';

/** Keystroke-level model: an average typist's key, and a thought before each field. */
const SECONDS_PER_KEY = 0.2;
const SECONDS_PER_THOUGHT = 1.35;

const subject = 'No abre la planilla: error ORA-12541';
const description = 'Desde las 8:00. Otros sistemas abren bien.';

test('R4 R11 R13 a call is registered by keyboard alone, escalated with its sheet, worked on by tier 2 and resolved', async ({
  desk,
  openConsole,
}) => {
  const first = personOf({ team: 'Mesa de Servicio' });
  const second = personOf({ team: 'Servidores y redes' });
  const caller = callerWithDevice(4);
  const [one, two] = await Promise.all([openConsole(), openConsole()]);
  const { page } = one;
  await Promise.all([signIn(page, first.user), signIn(two.page, second.user)]);

  let keys = 0;
  let thoughts = 0;
  const type = async (text: string) => {
    keys += text.length;
    thoughts += 1;
    await page.keyboard.type(text);
  };
  const hit = async (...names: string[]) => {
    for (const name of names) {
      keys += name.split('+').length;
      await page.keyboard.press(name);
    }
  };

  await test.step('registered by keyboard alone', async () => {
    await hit('n');
    const form = dialog(page, 'Registrar llamada');
    await expect(form.getByRole('combobox', { name: 'Quién llama' })).toBeFocused();
    await type(caller.extension);
    await expect(form.getByRole('option', { selected: true })).toContainText(caller.name);
    // Who calls is known before they are chosen: what they have open, and with what they work.
    await expect(form.getByRole('complementary')).toContainText('Tickets abiertos');
    await expect(form.getByRole('complementary')).toContainText(caller.device.hostName ?? '');
    await hit('Enter');
    await type(subject);
    await hit('Tab');
    await type(description);
    await expect(form.getByRole('complementary')).toContainText('elegido');
    await hit('Control+Enter');
    await expect(form).toBeHidden();
    expect(keys * SECONDS_PER_KEY + thoughts * SECONDS_PER_THOUGHT, `${keys} keys`).toBeLessThan(30);
  });

  await expect(pane(page)).toContainText(subject);
  const code = (await page.getByText(/^Registrado \S+$/u).textContent())?.replace('Registrado ', '') ?? '';
  await expect(page.getByRole('button', { name: /^Copiar MDS-\d{4}-\d{6}$/u })).toBeVisible();
  const number = (await storedTicket(desk, subject)).ticket.number ?? '';

  await test.step('claimed, noted, escalated', async () => {
    await page.keyboard.press('t');
    await expect(timeline(page)).toContainText(/tomó el ticket/u);
    await page.keyboard.press('c');
    await writeNote(page, 'Se reinstaló el cliente Oracle: sigue igual.');
    await escalate(page, {
      team: 'Servidores y redes',
      tried: 'Cliente Oracle y tnsnames',
      found: 'El puerto 1521 no responde',
      pending: 'Revisar el listener de PLAN-DB01',
    });
    await expect(pane(page)).toContainText('Escalado · por aceptar');
    await expect(pill(page)).toHaveText('Al día');
  });

  await test.step('accepted by tier 2', async () => {
    await two.page.getByRole('button', { name: 'Por aceptar', exact: true }).click();
    await rows(two.page).filter({ hasText: subject }).click();
    const sheet = timeline(two.page).getByRole('article').filter({ hasText: 'escaló a Servidores y redes' });
    await expect(sheet).toContainText('El puerto 1521 no responde');
    await expect(sheet).toContainText('Revisar el listener de PLAN-DB01');
    await press(two.page, 'Aceptar');
    await expect(timeline(two.page)).toContainText('aceptó la derivación');
    await expect(timeline(page)).toContainText(`${second.name} aceptó la derivación`);
  });

  await test.step('remote session, with consent', async () => {
    await press(two.page, 'Sesión remota');
    const form = dialog(two.page, `Sesión remota en ${number}`);
    const id = caller.device.remoteIds.rustdesk ?? '';
    await form.getByRole('radio', { name: 'RustDesk' }).check({ force: true });
    await form.getByRole('radio', { name: 'Por escrito' }).check({ force: true });
    await expect(form).toContainText(caller.name);
    await expect(form).toContainText(id);
    expect(await two.launches()).toEqual([]);
    await form.getByRole('button', { name: 'Abrir RustDesk' }).click();
    await expect(form).toBeHidden();
    await expect.poll(() => two.launches()).toEqual([{ subject: `rustdesk://${id}`, content: null }]);
    await expect(timeline(two.page)).toContainText('en curso');

    await pane(two.page).getByRole('button', { name: 'Terminar', exact: true }).click();
    const end = dialog(two.page, 'Terminar sesión remota');
    await end.getByRole('radio', { name: 'Solucionado', exact: true }).check({ force: true });
    await end.getByLabel('Qué se hizo').fill('Se corrigió tnsnames.ora.');
    await end.getByRole('button', { name: 'Terminar sesión' }).click();
    await expect(timeline(two.page)).toContainText(/RustDesk a \d+, consentida por escrito/u);
    await expect(timeline(two.page)).toContainText('Resultado: solucionado');
    await expect(timeline(two.page)).toContainText('Se corrigió tnsnames.ora.');
  });

  await test.step('resolved', async () => {
    await press(two.page, 'Resolver');
    const form = dialog(two.page, `Resolver ${number}`);
    await form.getByRole('textbox', { name: 'Solución' }).fill('Se reinició el listener.');
    await form.getByRole('button', { name: 'Resolver' }).click();
    await expect(timeline(two.page)).toContainText('resolvió el ticket');
    await expect(timeline(page)).toContainText(`${second.name} resolvió el ticket`);
    await expect(timeline(page)).toContainText('Se reinició el listener.');
  });

  const { ticket, entries } = await storedTicket(desk, subject);
  expect(entries.map((entry) => entry.event.type)).toEqual([
    'registered',
    'claimed',
    'noteAdded',
    'escalated',
    'accepted',
    'remoteSessionStarted',
    'remoteSessionEnded',
    'resolved',
  ]);
  expect(ticket).toMatchObject({ status: 'resolved', tier: 2, assigneeId: second.personId, provisionalCode: code });
  // The code that the caller was told keeps finding the ticket.
  await page.getByRole('button', { name: 'Cerrar el ticket' }).click();
  await openTicket(page, code);
  await expect(page.getByRole('button', { name: `Copiar ${number}` })).toBeVisible();
});
