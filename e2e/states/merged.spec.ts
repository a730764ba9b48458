import { openTicket, pane, pill, press, reconnected, timeline, writeNote } from '../support/acts.ts';
import { storedTicket } from '../support/desk.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, ownTicket, technician, test } from '../support/states.ts';

const subject = 'Proyector sin imagen';
const text = 'El cable HDMI está partido.';

test('SY9 a note on a ticket that somebody took meanwhile is recorded, with both values, who and when', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const [away, near] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  const [page, other] = [away.page, near.page];
  await Promise.all([signIn(page, technician().user), signIn(other, technician(1).user)]);
  await ownTicket(page, subject);
  await openTicket(page, subject);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await writeNote(page, text);
  await openTicket(other, subject);
  await press(other, 'Tomar');
  await expect.poll(async () => (await storedTicket(desk, subject)).ticket.assigneeId).toBe(technician(1).personId);
  link.heal();
  await reconnected(page);
  const merged = pane(page).locator('[data-merged]');
  await expect(merged).toContainText('Se registró, y algo había cambiado mientras tanto: nota');
  await expect(merged).toContainText(new RegExp(`Responsable · ${technician(1).name} · \\d`, 'u'));
  await expect(merged.locator('dd').first()).toHaveText(technician(1).name);
  await expect(merged).toContainText(/Tú · \d/u);
  await expect(merged).toContainText(text);
  await expect(timeline(page).getByRole('article').filter({ hasText: text })).toBeVisible();
  await merged.getByRole('button', { name: 'Entendido' }).click();
  await expect(merged).toHaveCount(0);
  await link.close();
});
