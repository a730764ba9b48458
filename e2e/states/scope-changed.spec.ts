import { note, openTicket, pane, pill, reconnected, rows, writeNote } from '../support/acts.ts';
import { callerWithDevice } from '../support/desk.ts';
import { expect, signIn, test } from '../support/fixtures.ts';
import { openLink } from '../support/link.ts';
import { notice, ownTicket, technician } from '../support/states.ts';

const subject = 'Central telefónica muda';

test('SY7 a person leaves a team: said what is gained and lost, the rows leave, and what was to be sent is judged by the store', async ({
  desk,
  openConsole,
}) => {
  const [me, other] = [technician(), technician(1)];
  const link = await openLink(desk.url);
  const [near, away] = await Promise.all([openConsole(), openConsole({ storeUrl: link.url })]);
  const page = away.page;
  await Promise.all([signIn(near.page, other.user), signIn(page, me.user)]);
  await ownTicket(near.page, subject, callerWithDevice(4));
  await openTicket(page, subject);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await writeNote(page, 'Escrita cuando aún era de mi equipo.');
  await note(page).fill('A medio escribir');
  await expect(pane(page).getByText('Borrador guardado')).toBeVisible();
  await desk.query(
    `update memberships set active = (team_id <> $2), version = version + 1,
       doc = replace(replace(doc, '"active":true', '"active":' || (team_id <> $2)::text), '"version":' || version, '"version":' || version + 1)
     where person_id = $1 and team_id = $2`,
    [me.personId, await teamOf(desk, 'Mesa de Servicio')],
  );
  await desk.query(`delete from grants where account_id = (select id from accounts where person_id = $1)`, [
    me.personId,
  ]);
  link.heal();
  await reconnected(page);
  await expect(notice(page, 'scopeChanged')).toContainText('Ya no estás en: Mesa de Servicio.', { timeout: 90_000 });
  await expect(notice(page, 'scopeChanged')).toContainText('Lo que tenías por enviar sigue su curso.');
  await expect(pane(page)).toContainText('Este ticket ya no está en tu alcance');
  await expect(pane(page)).toContainText('A medio escribir');
  await page.getByRole('searchbox', { name: 'Buscar' }).fill(subject);
  await expect(page.getByRole('grid', { name: `Resultados de «${subject}»` })).toHaveAttribute('aria-busy', 'false');
  await expect(rows(page)).toHaveCount(0);
  const written = await desk.query<{ flagged: boolean }>(
    `select (doc::json->>'outOfScope')::boolean as flagged from entries where doc like '%Escrita cuando aún era de mi equipo.%'`,
  );
  expect(written).toEqual([{ flagged: true }]);
  await link.close();
});

async function teamOf(desk: { query<T>(text: string, values?: readonly unknown[]): Promise<T[]> }, name: string) {
  const [team] = await desk.query<{ id: string }>(`select id from teams where doc::json->>'name' = $1`, [name]);
  return team?.id ?? '';
}
