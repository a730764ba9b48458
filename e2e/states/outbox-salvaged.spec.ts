import { open } from 'node:fs/promises';
import { openTicket, pill, writeNote } from '../support/acts.ts';
import { storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, notice, ownTicket, profileFile, technician, test } from '../support/states.ts';

const subject = 'Disco que hace ruido';

test('SY1 a damaged outbox: what can be read is rescued and sent, and the person is told how much', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const console = await openConsole({ storeUrl: link.url });
  await signIn(console.page, technician().user);
  await ownTicket(console.page, subject);
  await openTicket(console.page, subject);
  link.cut();
  await expect(pill(console.page)).toContainText('Sin conexión desde');
  for (const text of ['Primera sin enlace.', 'Segunda sin enlace.']) await writeNote(console.page, text);
  await console.quit();
  const file = await open(await profileFile(console.folder, 'outbox.db'), 'r+');
  await file.write(Buffer.alloc(100, 0x5a), 0, 100, 0);
  await file.close();

  await console.reopen();
  const { page } = console;
  // Its first page held who was signed in: the password is asked for again.
  link.heal();
  await signIn(page, technician().user);
  await expect(notice(page, 'outboxSalvaged')).toContainText(
    /El archivo de lo pendiente se dañó: se rescataron \d+ actos/u,
    { timeout: 90_000 },
  );
  await expect(notice(page, 'outboxSalvaged')).toContainText('El archivo dañado se conserva.');
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.noteCount, { timeout: 60_000 }).toBe(2);
  await link.close();
});
