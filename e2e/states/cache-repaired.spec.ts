import Database from 'better-sqlite3';
import { openTicket, pane, pill } from '../support/acts.ts';
import { signIn } from '../support/fixtures.ts';
import { expect, notice, ownTicket, profileFile, technician, test } from '../support/states.ts';

const subject = 'Lámpara del escáner agotada';

test('SY4 a row that differs from the store’s is found by digest and mended in passing, with a quiet word', async ({
  openConsole,
}) => {
  const console = await openConsole();
  await signIn(console.page, technician().user);
  await ownTicket(console.page, subject);
  await console.quit();
  const cache = new Database(await profileFile(console.folder, 'cache.db'));
  const { changes } = cache
    .prepare(`update ticket_docs set doc = replace(doc, 'empezó esta mañana', 'empezó ayer') where doc like ?`)
    .run(`%${subject}%`);
  cache.close();
  expect(changes).toBe(1);

  await console.reopen();
  const { page } = console;
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
  await expect(notice(page, 'cacheRepaired')).toContainText(
    'Se corrigió 1 fila de la copia local que difería de la mesa.',
    { timeout: 60_000 },
  );
  await openTicket(page, subject);
  await pane(page).getByRole('button', { name: 'Ver datos' }).click();
  await expect(pane(page)).toContainText('Avisa que empezó esta mañana.');
});
