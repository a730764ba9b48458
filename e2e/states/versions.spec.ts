import { z } from 'zod';
import { openTicket, pill, timeline, writeNote } from '../support/acts.ts';
import { storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';
import { failure, openStoreProxy } from '../support/store-proxy.ts';

const firstOf = z.object({ commands: z.array(z.object({ id: z.string() })) });

test('SY16 a console older than the store still sends, and says that it receives nothing until it is updated', async ({
  desk,
  openConsole,
}) => {
  const subject = 'Consola más antigua';
  const proxy = await openStoreProxy(desk.url);
  const { page } = await openConsole({ storeUrl: proxy.url });
  await signIn(page, technician().user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  proxy.answer((path) =>
    path.startsWith('/sync/v1/pull') || path.startsWith('/sync/v1/snapshot') ? failure('protocolTooOld', 400) : null,
  );
  await writeNote(page, 'Sale aunque la consola sea antigua.');
  await expect(pill(page)).toHaveText('Actualiza Chasqui', { timeout: 60_000 });
  await expect(page.getByRole('main')).toContainText(
    'Esta consola es más antigua que el servidor: lo que escribas se sigue enviando',
  );
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.noteCount).toBe(1);
  await writeNote(page, 'Y esta también.');
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.noteCount, { timeout: 90_000 }).toBe(2);
  await proxy.close();
});

test('SY16 a store older than the console: what it cannot know is held, saved, and goes out after its update', async ({
  desk,
  openConsole,
}) => {
  const subject = 'Servidor más antiguo';
  const proxy = await openStoreProxy(desk.url);
  const { page } = await openConsole({ storeUrl: proxy.url });
  await signIn(page, technician(1).user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  proxy.answer((path) => (path.startsWith('/sync/') ? failure('notFound', 404) : null));
  await writeNote(page, 'Espera al servidor nuevo.');
  await expect(pill(page)).toHaveText('El servidor debe actualizarse · 1 por enviar', { timeout: 60_000 });
  await expect(page.getByRole('main')).toContainText(
    'El servidor es más antiguo que esta consola: 1 acto guardado espera a que se actualice. Nada se pierde.',
  );
  proxy.answer(null);
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
  await expect(timeline(page).locator('[data-pending]')).toHaveCount(0);
  expect((await storedTicket(desk, subject)).ticket.noteCount).toBe(1);
  await proxy.close();
});

test('SY16 a store that knows the messages but not one act: that act and those after it are held, and it says so', async ({
  desk,
  openConsole,
}) => {
  const subject = 'Acto de una versión siguiente';
  const proxy = await openStoreProxy(desk.url);
  const console = await openConsole({ storeUrl: proxy.url });
  const { page } = console;
  await signIn(page, technician(2).user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  proxy.answer((path, body) => {
    if (!path.startsWith('/sync/v1/push')) return null;
    const commandId = firstOf.parse(JSON.parse(body)).commands[0]?.id;
    const held = { commandId, code: 'storeTooOld' };
    return { status: 200, body: { results: [], held, serverTime: Date.now(), head: 0, mark: null } };
  });
  await writeNote(page, 'La mesa aún no la entiende.');
  await expect(pill(page)).toHaveText('El servidor debe actualizarse · 1 por enviar');
  await expect(timeline(page).locator('[data-pending=held]')).toContainText('retenido');
  await pill(page).click();
  await expect(page.getByRole('dialog', { name: 'Por enviar' })).toContainText(
    'Espera a que el servidor se actualice.',
  );
  await page.keyboard.press('Escape');
  proxy.answer(null);
  // The next contact tries again.
  await console.quit();
  await console.reopen();
  await expect(pill(console.page)).toHaveText('Al día', { timeout: 30_000 });
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.noteCount).toBe(1);
  await proxy.close();
});
