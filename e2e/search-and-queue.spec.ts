import { pane, pill, registerCall, rows, writeNote } from './support/acts.ts';
import { callerWithDevice, type Desk, personOf } from './support/desk.ts';
import { expect, signIn, test } from './support/fixtures.ts';

test('views, counts, sort, filters by keyboard and pointer; they are there again after a restart', async ({
  desk,
  openConsole,
}) => {
  const boss = personOf({ role: 'supervisor' });
  const console = await openConsole();
  const { page } = console;
  await signIn(page, boss.user);

  await test.step('views agree with the store', async () => {
    for (const [view, condition] of [
      ['Todos los abiertos', 'true'],
      ['Nivel 2', 'tier = 2'],
      ['Nivel 3', 'tier = 3'],
      ['Sin asignar', `assignee_id is null and coalesce(doc::json->'handovers'->-1->>'state', '') <> 'offered'`],
    ] as const) {
      await page.getByRole('navigation').getByRole('button', { name: view, exact: true }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(view);
      await expect(page.getByRole('status').getByText(/^\d+ tickets?$/u)).toHaveText(
        `${await openCount(desk, condition)} tickets`,
      );
    }
  });

  await test.step('j, k and Enter', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Todos los abiertos', exact: true }).click();
    await expect(page.getByRole('grid', { name: 'Todos los abiertos' })).toHaveAttribute('aria-busy', 'false');
    await expect(rows(page).first()).toBeVisible();
    const subjectOf = async (index: number) =>
      (await rows(page).nth(index).getByRole('gridcell').nth(2).locator('p').first().textContent()) ?? '';
    const [first, second] = [await subjectOf(0), await subjectOf(1)];
    for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
    await expect(pane(page)).toContainText(second);
    for (const key of ['k', 'Enter']) await page.keyboard.press(key);
    await expect(pane(page)).toContainText(first);
    await page.keyboard.press('Escape');
    await expect(pane(page)).toHaveCount(0);
  });

  await test.step('sorted by number, filtered by tier and kind', async () => {
    await page.getByRole('button', { name: 'Nivel: 1–3' }).click();
    await page.getByRole('menuitemradio', { name: 'Nivel 3' }).click();
    await page.getByRole('button', { name: 'Tipo: todos' }).click();
    await page.getByRole('menuitemradio', { name: 'Incidente' }).click();
    await page.getByRole('columnheader', { name: 'Número' }).getByRole('button').click();
    await expect(page.getByRole('columnheader', { name: 'Número' })).toHaveAttribute('aria-sort', 'ascending');
    const expected = await desk.query<{ number: string }>(
      `select number from tickets where ${isOpen} and tier = 3 and kind = 'incident' order by number`,
    );
    await expect(page.getByRole('status').getByText(/^\d+ tickets?$/u)).toHaveText(
      new RegExp(`^${expected.length} `, 'u'),
    );
    await expect(rows(page).first().getByRole('gridcell').nth(1)).toHaveText(
      expected[0]?.number.split('-').at(-1) ?? '',
    );
    await page.getByRole('columnheader', { name: 'Número' }).getByRole('button').click();
    await expect(rows(page).first().getByRole('gridcell').nth(1)).toHaveText(
      expected.at(-1)?.number.split('-').at(-1) ?? '',
    );
  });

  await console.quit();
  await console.reopen();
  const again = console.page;
  await expect(pill(again)).toHaveText('Al día', { timeout: 90_000 });
  await expect(again.getByRole('heading', { level: 1 })).toHaveText('Todos los abiertos');
  await expect(again.getByRole('button', { name: 'Nivel: 3' })).toBeVisible();
  await expect(again.getByRole('button', { name: 'Tipo: Incidente' })).toBeVisible();
  await expect(again.getByRole('columnheader', { name: 'Número' })).toHaveAttribute('aria-sort', 'descending');
  await again.getByRole('button', { name: 'Quitar filtros' }).click();
  await expect(again.getByRole('button', { name: 'Nivel: 1–3' })).toBeVisible();
});

test('R12 search as you type: notes not sent yet, accents or none, signs that mean nothing here, and nothing found', async ({
  desk,
  openConsole,
}) => {
  const { page } = await openConsole();
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  const subject = 'Sesión cerrada en el árbol de trámites';
  await registerCall(page, {
    caller: callerWithDevice(6),
    subject,
    description: 'Se cierra sola cada hora.',
  });
  await desk.stop('kill');
  await expect(pill(page)).toContainText('Sin conexión desde');
  await writeNote(page, 'Ocurre también con el señor Ñahui; error ORA-00020 al reingresar.');

  const search = page.getByRole('searchbox', { name: 'Buscar' });
  for (const text of ['arbol tramites', 'ÁRBOL', 'Ñahui', 'ora-00020', 'reingr']) {
    await test.step(text, async () => {
      await search.fill(text);
      await expect(page.getByRole('grid', { name: `Resultados de «${text}»` })).toHaveAttribute('aria-busy', 'false');
      await expect(rows(page).filter({ hasText: subject })).toBeVisible();
    });
  }
  await search.fill('zzz AND "');
  await expect(page.getByText('Nada coincide')).toBeVisible();
  await search.press('Escape');
  await expect(search).toHaveValue('');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi equipo');

  // From the search straight to the ticket, without the pointer.
  await page.getByRole('button', { name: 'Cerrar el ticket' }).click();
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.type('reingr');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(pane(page)).toContainText(subject);
});

const isOpen = "status in ('new', 'assigned', 'inProgress', 'pending')";

async function openCount(desk: Desk, condition: string): Promise<number> {
  const [row] = await desk.query<{ n: number }>(
    `select count(*)::int as n from tickets where ${isOpen} and ${condition}`,
  );
  return row?.n ?? 0;
}
