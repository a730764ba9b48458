import { dialog, note, pane, pill, press, reconnected, rows, timeline } from '../support/acts.ts';
import { expect, signIn, test } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { technician } from '../support/states.ts';

const DAY = 86_400_000;

test('SY7 a ticket closed long ago is found at the desk, says that it is online, and takes a note and a reopening', async ({
  desk,
  openConsole,
}) => {
  const me = technician();
  await desk.query('alter table tickets disable trigger user');
  const [old] = await desk.query<{ id: string; number: string; notes: number }>(
    // The store heard of its closing a hundred days ago, though it may still be reopened.
    `update tickets set closed_recorded_at = $1 where id = (
       select t.id from tickets t join teams on teams.id = t.team_id
       where t.status = 'closed' and teams.doc::json->>'name' = 'Mesa de Servicio'
       order by (t.doc::json->'clocks'->>'closedAt')::bigint desc limit 1)
     returning id, number, (doc::json->>'noteCount')::int as notes`,
    [Date.now() - 100 * DAY],
  );
  await desk.query('alter table tickets enable trigger user');
  if (old === undefined) throw new Error('the trial has no closed ticket');
  const link = await openLink(desk.url);
  const { page } = await openConsole({ storeUrl: link.url });
  await signIn(page, me.user);
  await page.getByRole('searchbox', { name: 'Buscar' }).fill(old.number);
  await expect(page.getByRole('grid')).toHaveAttribute('aria-busy', 'false');
  await expect(rows(page)).toHaveCount(0);

  await test.step('offline says so', async () => {
    link.cut();
    await expect(pill(page)).toContainText('Sin conexión desde');
    await expect(page.getByRole('main')).toContainText('Sin conexión: se podrá buscar en la mesa al volver el enlace.');
    await expect(page.getByRole('button', { name: 'Buscar en la mesa' })).toBeDisabled();
    link.heal();
    await reconnected(page);
  });

  await page.getByRole('button', { name: 'Buscar en la mesa' }).click();
  const found = page.getByRole('region', { name: `En la mesa: «${old.number}»` });
  await expect(found).toContainText('1 ticket más en la mesa');
  await expect(found.getByRole('button')).toContainText('en línea: no está en esta consola');
  await found.getByRole('button').click();
  await expect(pane(page)).toContainText(old.number);
  await expect(pane(page)).toContainText('En línea: este ticket no se guarda en este equipo');

  await note(page).fill('El usuario volvió a llamar por esto.');
  await page.keyboard.press('Control+Enter');
  await expect(note(page)).toHaveValue('');
  await expect
    .poll(async () => (await desk.query<{ n: number }>(noteCount, [old.id]))[0]?.n, { timeout: 90_000 })
    .toBe(old.notes + 1);
  await expect(timeline(page)).toContainText('El usuario volvió a llamar por esto.');

  await press(page, 'Reabrir');
  await dialog(page, /^Reabrir /u)
    .getByLabel('Motivo')
    .fill('Volvió a fallar');
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(async () => (await desk.query<{ status: string }>('select status from tickets where id = $1', [old.id]))[0])
    .not.toEqual({ status: 'closed' });
  await expect(timeline(page)).toContainText('Volvió a fallar');
  await link.close();
});

const noteCount = `select (doc::json->>'noteCount')::int as n from tickets where id = $1`;
