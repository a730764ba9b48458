import { mkdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { note, openTicket, pane, pill } from '../support/acts.ts';
import { expect, onOwnTicket, profileFile, technician, test } from '../support/states.ts';

const subject = 'Escáner que no termina de leer';
const half = 'Queda pendiente el cable de';

test('SY1 what the disk does not let open is said to be there still, and another try opens it', async ({
  openConsole,
}) => {
  const console = await openConsole();
  await onOwnTicket(console.page, subject);
  await note(console.page).fill(half);
  await expect(pane(console.page).getByText('Borrador guardado')).toBeVisible();
  await console.kill();
  const lock = join(dirname(await profileFile(console.folder, 'outbox.db')), 'lock.db');
  await rename(lock, `${lock}.away`);
  await mkdir(lock);

  await console.reopen();
  const { page } = console;
  const said = page.getByRole('alert').filter({ hasText: `No se pudo abrir lo guardado de ${technician().user}` });
  await expect(said).toContainText('lo guardado sigue ahí, y lo pendiente saldrá al abrirlo');
  await said.getByRole('button', { name: 'Volver a intentar' }).click();
  await expect(said).toContainText('Sigue sin poder abrirse.');

  await rmdir(lock);
  await rename(`${lock}.away`, lock);
  await said.getByRole('button', { name: 'Volver a intentar' }).click();
  await expect(pill(page)).toHaveText(/^Al día/u);
  await expect(said).toHaveCount(0);
  await openTicket(page, subject);
  await expect(note(page)).toHaveValue(half);
});
