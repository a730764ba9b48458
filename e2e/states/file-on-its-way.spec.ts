import { note, openTicket, pill, timeline } from '../support/acts.ts';
import { fileCard, noisyPng, pick } from '../support/files.ts';
import { signIn } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { expect, onOwnTicket, technician, test } from '../support/states.ts';

const subject = 'Foto que va por una línea lenta';

test('a file on its way: its author sees how far it is, another console that it is still with its author; the text waits for neither', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const [mine, theirs] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  await onOwnTicket(mine.page, subject);
  await signIn(theirs.page, technician(1).user);
  await openTicket(theirs.page, subject);

  link.narrow(40_000);
  await pick(mine.page, [noisyPng('Rack.png', 640, 420)]);
  await note(mine.page).fill('Va la foto del rack.');
  await mine.page.keyboard.press('Control+Enter');
  await expect(fileCard(mine.page, 'Rack')).toContainText(/enviando \d+ %/u);
  await expect(pill(mine.page)).toHaveText(/^Enviando 1 archivo, \d+ kB$/u);

  await expect(timeline(theirs.page)).toContainText('Va la foto del rack.');
  await expect(fileCard(theirs.page, 'Rack')).toContainText('aún con su autor');
  await fileCard(theirs.page, 'Rack')
    .getByRole('button', { name: /^Ver Rack/u })
    .click();
  await expect(theirs.page.getByText('El archivo sigue en el equipo de quien lo adjuntó.')).toBeVisible();

  link.heal();
  await expect(fileCard(mine.page, 'Rack')).toHaveAttribute('data-file-state', 'sent');
  await expect(pill(mine.page)).toHaveText('Al día');
  // The box that waits for it brings it as soon as the desk has it.
  await expect(theirs.page.getByRole('img', { name: 'Rack.png' })).toBeVisible();
  await link.close();
});
