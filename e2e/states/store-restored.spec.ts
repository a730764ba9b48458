import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTicket, pill, press, reconnected, writeNote } from '../support/acts.ts';
import { storeCommand, storedTicket } from '../support/desk.ts';
import { expect, signIn, test } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { notice, ownTicket, technician } from '../support/states.ts';

const subject = 'Copiadora detenida';

test('SY14 the store comes back from a backup: acts are handed in again, those with another answer are named, nothing is lost', async ({
  desk,
  openConsole,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-e2e-backup-'));
  const link = await openLink(desk.url);
  const { page } = await openConsole({ storeUrl: link.url });
  const [me, other] = [technician(), technician(1)];
  await signIn(page, me.user);
  await ownTicket(page, subject);
  await storeCommand(desk, 'backup', join(folder, 'desk.backup'));
  await openTicket(page, subject);
  await press(page, 'Tomar');
  await writeNote(page, 'Escrita después del respaldo.');
  await expect.poll(async () => (await storedTicket(desk, subject)).entries.length).toBe(3);
  link.cut();
  await desk.stop('term');
  await storeCommand(desk, 'restore', join(folder, 'desk.backup'), '--replace');
  await desk.start();
  expect((await storedTicket(desk, subject)).entries).toHaveLength(1);

  await test.step('before this console is back, somebody else takes the ticket', async () => {
    const { page: near } = await openConsole();
    await signIn(near, other.user);
    await openTicket(near, subject);
    await press(near, 'Tomar');
    await expect.poll(async () => (await storedTicket(desk, subject)).ticket.assigneeId).toBe(other.personId);
  });

  link.heal();
  await reconnected(page);
  const told = notice(page, 'storeRestored');
  await expect(told).toContainText(/La mesa volvió a un respaldo anterior\. Se entregaron de nuevo \d+ actos tuyos/u, {
    timeout: 90_000,
  });
  // The claim, which met another, and the note, whose ticket is somebody else's now.
  await expect(told).toContainText('2 tuvieron otra respuesta que antes.');
  await told.getByRole('button', { name: 'Ver cuáles' }).click();
  const line = page
    .getByRole('dialog', { name: 'Por enviar' })
    .getByRole('listitem')
    .filter({ hasText: 'La mesa se restauró: antes de eso estaba aplicado, ahora quedó en conflicto.' });
  await expect(line).toContainText('Tomar');
  await page.keyboard.press('Escape');
  await told.getByRole('button', { name: 'Dar por leído' }).click();
  await expect(told).toHaveCount(0);
  await expect(pill(page)).toContainText('Al día');
  const { ticket, entries } = await storedTicket(desk, subject);
  expect(entries.filter(({ event }) => event.type === 'noteAdded')).toHaveLength(1);
  expect(ticket.assigneeId).toBe(other.personId);
  await link.close();
  await rm(folder, { recursive: true, force: true });
});
