import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openTicket, pill, writeNote } from '../support/acts.ts';
import { storeCommand, storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Laptop devuelta al almacén';

test('SY7 SY16 a revoked device hands in what it has, erases itself, and says good-bye on the sign-in screen', async ({
  desk,
  openConsole,
}) => {
  const me = technician(3);
  const link = await openLink(desk.url);
  const { page, folder } = await openConsole({ storeUrl: link.url });
  await signIn(page, me.user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await writeNote(page, 'Escrita antes de la baja.');
  const [device] = await desk.query<{ id: string }>(
    `select id from devices where account_id = (select id from accounts where user_name = $1)`,
    [me.user],
  );
  await storeCommand(desk, 'account', 'revoke-device', device?.id ?? '');
  link.heal();

  const farewell = page.getByRole('region', { name: 'Este equipo fue dado de baja' });
  await expect(farewell).toContainText(`Antes de borrarse entregó 1 acto de ${me.user}: un supervisor lo tiene.`, {
    timeout: 60_000,
  });
  await expect(farewell).toContainText('se borraron de este equipo');
  await expect(farewell).toContainText('La mesa ya lo sabe.', { timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Entrar a la mesa de servicio' })).toBeVisible();
  await expect.poll(() => readdir(join(folder, 'data', 'console', 'profiles'))).toEqual([]);
  const { ticket } = await storedTicket(desk, subject);
  expect(JSON.stringify(ticket.parked) + ticket.noteCount).not.toBe('[]0');
  const [wiped] = await desk.query<{ at: string | null }>('select wiped_at as at from devices where id = $1', [
    device?.id,
  ]);
  expect(wiped?.at).not.toBeNull();
  await link.close();
});
