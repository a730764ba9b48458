import type { Page } from '@playwright/test';
import {
  dialog,
  entryIds,
  escalate,
  openTicket,
  pane,
  pill,
  press,
  reconnected,
  registerCall,
  timeline,
  writeNote,
} from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket, storedTickets } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { openLink } from './support/link.ts';

const both = 'Escáner de la bóveda atascado';
const handed = 'Repositorio de actas sin respuesta';
const born = 'Correo rechazado por tamaño';

test('SY1 SY2 SY9 two consoles: one works on while the store is down, the other changes the same tickets, both converge', async ({
  desk,
  openConsole,
}) => {
  const [a, b] = [personOf({ team: 'Mesa de Servicio' }), personOf({ team: 'Mesa de Servicio' }, 1)];
  const [first, second, third] = [callerWithDevice(2), callerWithDevice(5), callerWithDevice(8)];
  const link = await openLink(desk.url);
  const [one, two] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  const [pageA, pageB] = [one.page, two.page];
  await Promise.all([signIn(pageA, a.user), signIn(pageB, b.user)]);
  await registerCall(pageA, { caller: first, subject: both, description: 'No imprime desde ayer.' });
  await registerCall(pageA, { caller: second, subject: handed, description: 'Tras cambiar la clave.' });
  await expect(pill(pageA)).toHaveText('Al día');

  await desk.stop('kill');
  await expect(pill(pageA)).toContainText('Sin conexión desde');

  const code = await test.step('A works without the store', async () => {
    const provisional = await registerCall(pageA, {
      caller: third,
      subject: born,
      description: 'Rebota con el código 552.',
    });
    await expect(pane(pageA)).toContainText('Número provisional');
    await expect(timeline(pageA).locator('[data-pending]')).toContainText('por enviar');
    await openTicket(pageA, both);
    await writeNote(pageA, 'A: el usuario tiene un tóner de repuesto.');
    await press(pageA, 'Tomar');
    await expect(timeline(pageA).locator('[data-pending=waiting]')).toHaveCount(2);
    await openTicket(pageA, handed);
    await escalate(pageA, {
      team: 'Servidores y redes',
      tried: 'Credencial borrada',
      found: 'FS-CENTRAL no responde',
      pending: 'Revisar la regla del enlace',
    });
    await expect(timeline(pageA).getByRole('article').filter({ hasText: 'por enviar' })).toContainText(
      'Credencial borrada',
    );
    await expect(pill(pageA)).toHaveText(/^Sin conexión desde \d{1,2}:\d{2}.* · 4 por enviar$/u);
    return provisional;
  });

  await test.step('the store is back for B alone, who changes the same tickets', async () => {
    link.cut();
    await desk.start();
    await reconnected(pageB);
    await openTicket(pageB, both);
    await press(pageB, 'Tomar');
    await writeNote(pageB, 'B: voy con el tóner.');
    await openTicket(pageB, handed);
    await writeNote(pageB, 'B: llamó otra vez, es urgente.');
    await expect(pill(pageB)).toHaveText('Al día');
    await expect(pill(pageA)).toContainText('4 por enviar');
  });

  await test.step('the link heals', async () => {
    link.heal();
    await reconnected(pageA);
    await expect(pill(pageA)).toHaveText('Al día · 1 no aplicado');
  });

  await test.step('the claim that came second is shown with its content, and can be put away', async () => {
    await openTicket(pageA, both);
    const refused = pane(pageA).locator('[data-refused]');
    await expect(refused).toContainText('No se aplicó: tomar');
    await expect(refused).toContainText(`${b.name} lo tomó antes. Nada de lo tuyo se perdió.`);
    await pill(pageA).click();
    const outbox = dialog(pageA, 'Por enviar');
    await expect(outbox).toContainText('Todo enviado');
    await expect(outbox.getByRole('listitem').filter({ hasText: 'Tomar' })).toContainText('no aplicado');
    // The note came to a ticket that was somebody else's by then: it stands, and that is said too.
    await expect(outbox.getByRole('listitem').filter({ hasText: 'Nota' })).toContainText('combinado');
    await pageA.keyboard.press('Escape');
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await expect(pill(pageA)).toHaveText('Al día');
  });

  for (const subject of [both, handed]) {
    await openTicket(pageB, subject);
    await openTicket(pageA, subject);
    const stored = (await storedTicket(desk, subject)).entries.map((entry) => entry.id);
    await seesExactly(pageA, stored);
    await seesExactly(pageB, stored);
  }
  await expect(pane(pageB)).toContainText('Escalado · por aceptar');
  const taken = await storedTicket(desk, both);
  expect(taken.ticket).toMatchObject({ assigneeId: b.personId, noteCount: 2, status: 'assigned', parked: [] });
  expect(taken.entries.filter((entry) => entry.event.type === 'claimed')).toHaveLength(1);
  const escalated = await storedTicket(desk, handed);
  expect(escalated.ticket).toMatchObject({ tier: 2, noteCount: 1 });
  expect(escalated.ticket.handovers).toHaveLength(1);
  expect(await storedTickets(desk, born)).toHaveLength(1);
  await openTicket(pageA, code);
  await expect(pageA.getByRole('button', { name: /^Copiar MDS-/u })).toBeVisible();
  await openTicket(pageB, born);
  const [command] = await desk.query<{ all: number; distinct: number }>(
    'select count(*)::int as all, count(distinct id)::int as distinct from commands',
  );
  expect(command?.all).toBe(command?.distinct);
  await link.close();
});

const seesExactly = (page: Page, ids: readonly string[]) => expect.poll(() => entryIds(page)).toEqual(ids);
