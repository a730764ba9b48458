import { truncate, writeFile } from 'node:fs/promises';
import { note, openTicket, pane, pill } from '../support/acts.ts';
import { signIn } from '../support/fixtures.ts';
import { expect, notice, ownTicket, profileFile, technician, test } from '../support/states.ts';

const subject = 'Teclado con teclas pegadas';
const half = 'Mañana llevo otro a la';

test('SY4 a damaged local copy is made anew; what was written is untouched, and it is said once', async ({
  openConsole,
}) => {
  const console = await openConsole();
  await signIn(console.page, technician().user);
  await ownTicket(console.page, subject);
  await openTicket(console.page, subject);
  await note(console.page).fill(half);
  await expect(pane(console.page).getByText('Borrador guardado')).toBeVisible();
  await console.kill();
  const cache = await profileFile(console.folder, 'cache.db');
  await truncate(cache, 0);
  await writeFile(cache, 'not a database at all, from its first byte'.repeat(400));
  await writeFile(`${cache}-wal`, '');

  await console.reopen();
  const { page } = console;
  await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
  await expect(notice(page, 'cacheRebuilt')).toContainText(
    'La copia local estaba dañada y se rehízo desde la mesa. Lo que escribiste no se tocó.',
  );
  await openTicket(page, subject);
  await expect(note(page)).toHaveValue(half);
  await notice(page, 'cacheRebuilt').getByRole('button', { name: 'Dar por leído' }).click();
  await expect(notice(page, 'cacheRebuilt')).toHaveCount(0);
});
