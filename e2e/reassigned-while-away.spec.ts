import type { Page } from '@playwright/test';
import { dialog, note, openTicket, pane, pill, reconnected, rows, timeline } from './support/acts.ts';
import { type Desk, personOf } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { openLink } from './support/link.ts';

const half = 'Quedamos en que mañana a las 9 pruebo con';

test('SY9 R17 a supervisor reassigns while the technician is offline with a note half written: it is kept, and they are told', async ({
  desk,
  openConsole,
}) => {
  const boss = personOf({ role: 'supervisor' });
  const [technician, other] = [await busiestOf(desk, 'Mesa de Servicio'), await idlestOf(desk, 'Mesa de Servicio')];
  const outsider = await busiestOf(desk, 'Servidores y redes');
  const [mine, alsoMine] = await openTicketsOf(desk, technician.personId);
  const [foreign] = await openTicketsOf(desk, outsider.personId);
  if (mine === undefined || alsoMine === undefined || foreign === undefined) throw new Error('the trial is too idle');

  const link = await openLink(desk.url);
  const [away, desktop] = await Promise.all([openConsole({ storeUrl: link.url }), openConsole()]);
  const [page, bossPage] = [away.page, desktop.page];
  await Promise.all([signIn(page, technician.user), signIn(bossPage, boss.user)]);
  await openTicket(page, mine);
  link.cut();
  await expect(pill(page)).toContainText('Sin conexión desde');
  await note(page).fill(half);
  await expect(pane(page).getByText('Borrador guardado')).toBeVisible();

  await test.step('reassigned in bulk: preview, a result for each', async () => {
    await bossPage.getByRole('button', { name: 'Supervisión' }).click();
    const load = bossPage.getByRole('table', { name: 'Carga por técnico' });
    for (const [person, numbers] of [
      [technician.name, [mine, alsoMine]],
      [outsider.name, [foreign]],
    ] as const) {
      await load.getByRole('button', { name: person }).click();
      await expect(bossPage.getByRole('grid', { name: `Tickets de ${person}` })).toBeVisible();
      for (const number of numbers) await mark(bossPage, number);
    }
    await bossPage.getByRole('toolbar', { name: '3 marcados' }).getByRole('button', { name: 'Reasignar' }).click();
    const form = dialog(bossPage, 'Reasignar 3 tickets');
    await form.getByRole('combobox', { name: 'Nuevo responsable' }).click();
    await bossPage.getByRole('option', { name: other.name }).click();
    await form.getByLabel('Motivo').fill('Está sin enlace en la sede');
    const preview = form.getByRole('listitem');
    await expect(preview).toHaveCount(3);
    await expect(preview.filter({ hasText: foreign.slice(-6) })).toContainText(
      `${other.name} no pertenece a Servidores y redes · se omite`,
    );
    await expect(form).toContainText(/\d+ → \d+ abiertos/u);
    await form.getByRole('button', { name: 'Reasignar 2' }).click();
    await expect(form.getByText('guardado · por enviar')).toHaveCount(2);
    await expect(bossPage.getByText('2 tickets reasignados')).toBeVisible();
    await bossPage.getByText('2 tickets reasignados').hover();
  });
  await expect.poll(() => holders(desk, [mine, alsoMine])).toEqual([other.personId, other.personId]);

  await test.step('the link returns: told who and to whom, the half-written note untouched, and it can be sent', async () => {
    link.heal();
    await reconnected(page);
    await expect(pane(page)).toContainText(
      new RegExp(`${boss.name} lo pasó a ${other.name} \\(.*\\)\\. Lo que tenías escrito se conservó\\.`, 'u'),
    );
    await expect(timeline(page)).toContainText('Está sin enlace en la sede');
    await expect(note(page)).toHaveValue(half);
    await note(page).press('Control+Enter');
    await expect(timeline(page).getByRole('article').filter({ hasText: half })).toBeVisible();
    await expect(pill(page)).toHaveText('Al día');
  });
  await page.getByRole('button', { name: 'Mientras no estabas' }).click();
  const changed = page.getByRole('region', { name: 'Mientras no estabas' }).getByRole('listitem');
  await expect(changed.filter({ hasText: alsoMine.slice(-6) })).toContainText(
    `${boss.name} lo reasignó a ${other.name}`,
  );

  await test.step('undone', async () => {
    await bossPage.getByRole('button', { name: 'Deshacer' }).click();
    await expect(bossPage.getByText('Se deshizo la reasignación')).toBeVisible();
    await expect.poll(() => holders(desk, [mine, alsoMine])).toEqual([technician.personId, technician.personId]);
    await openTicket(page, mine);
    await expect(pane(page)).not.toContainText('Lo que tenías escrito se conservó');
  });
  await link.close();
});

async function mark(page: Page, number: string): Promise<void> {
  const box = page.getByRole('checkbox', { name: `Marcar ${number}` });
  await rows(page).filter({ has: box }).hover();
  await box.click();
  await expect(box).toBeChecked();
}

interface Person {
  readonly user: string;
  readonly name: string;
  readonly personId: string;
}

async function byLoad(desk: Desk, team: string): Promise<Person[]> {
  const counts = await desk.query<{ person: string; open: number }>(
    `select assignee_id::text as person, count(*)::int as open from tickets
     where status in ('assigned', 'inProgress') and assignee_id is not null group by 1`,
  );
  const people: Person[] = [];
  for (let index = 0; ; index += 1) {
    try {
      people.push(personOf({ team }, index));
    } catch {
      break;
    }
  }
  const open = (person: Person) => counts.find((row) => row.person === person.personId)?.open ?? 0;
  return people.toSorted((a, b) => open(b) - open(a));
}
const pick = (person: Person | undefined): Person => {
  if (person === undefined) throw new Error('nobody is in that team');
  return person;
};
const busiestOf = async (desk: Desk, team: string) => pick((await byLoad(desk, team))[0]);
const idlestOf = async (desk: Desk, team: string) => pick((await byLoad(desk, team)).at(-1));

/** Numbers of a person's tickets, those first that stand first in the supervisor's list. */
async function openTicketsOf(desk: Desk, personId: string): Promise<string[]> {
  const found = await desk.query<{ number: string }>(
    `select number from tickets where assignee_id = $1 and status in ('assigned', 'inProgress')
       and coalesce(doc::json->'handovers'->-1->>'state', '') <> 'offered' order by number`,
    [personId],
  );
  return found.map((row) => row.number);
}

async function holders(desk: Desk, numbers: readonly string[]): Promise<string[]> {
  const found = await desk.query<{ holder: string }>(
    'select assignee_id::text as holder from tickets where number = any($1) order by number',
    [numbers],
  );
  return found.map((row) => row.holder);
}
