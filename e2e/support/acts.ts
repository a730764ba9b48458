import { expect, type Locator, type Page } from '@playwright/test';
import type { Caller } from './desk.ts';

// What a person does and sees on the screen, in the words of the Spanish console.

export const pill = (page: Page): Locator => page.getByTestId('connection-pill');
export const timeline = (page: Page): Locator => page.getByRole('log', { name: 'Historia del ticket' });
/** The open ticket, whole. */
export const pane = (page: Page): Locator => page.locator('section[data-ticket-id]');
export const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name });
export const rows = (page: Page): Locator =>
  page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.locator('time') });
export const note = (page: Page): Locator => page.getByRole('textbox', { name: 'Nota interna' });

/** An act of the open ticket by its button, in the row or under «Más acciones». */
export async function press(page: Page, name: string): Promise<void> {
  const row = page.getByRole('toolbar', { name: 'Acciones del ticket' });
  await expect(row.getByRole('button').first()).toBeVisible();
  const button = row.getByRole('button', { name, exact: true });
  if ((await button.count()) > 0 && (await button.isVisible())) return button.click();
  await row.getByRole('button', { name: 'Más acciones' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

/** Asks for another attempt for as long as the console waits for its next one, and sees it up to date. */
export async function reconnected(page: Page): Promise<void> {
  const retry = page.getByRole('button', { name: 'Intentar ahora' });
  await expect(async () => {
    if (/Sin conexión/u.test((await pill(page).textContent()) ?? '')) {
      if (!(await retry.isVisible())) await pill(page).click();
      await retry.click({ timeout: 1_000 }).catch(() => undefined);
    }
    await expect(pill(page)).toHaveText(/^Al día/u, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  if (await page.getByRole('dialog', { name: 'Por enviar' }).isVisible()) await page.keyboard.press('Escape');
}

/** Finds a ticket by a text that only it has, and opens it. Leaves the search as it was: empty, and the keys with the list. */
export async function openTicket(page: Page, text: string): Promise<void> {
  const search = page.getByRole('searchbox', { name: 'Buscar' });
  await search.fill(text);
  const found = page.getByRole('grid', { name: `Resultados de «${text}»` });
  await expect(found).toHaveAttribute('aria-busy', 'false');
  await expect(rows(page)).toHaveCount(1);
  await rows(page).click();
  await expect(page.getByRole('toolbar', { name: 'Acciones del ticket' }).getByRole('button').first()).toBeVisible();
  await search.press('Escape');
  await expect(search).toHaveValue('');
  await search.press('Escape');
  await expect(found).toHaveCount(0);
}

export interface Call {
  readonly caller: Pick<Caller, 'name' | 'extension'>;
  readonly subject: string;
  readonly description: string;
}

/** «Registrar llamada» from the keyboard; answers the provisional code. */
export async function registerCall(page: Page, call: Call): Promise<string> {
  await page.keyboard.press('n');
  const form = dialog(page, 'Registrar llamada');
  await form.getByRole('combobox', { name: 'Quién llama' }).pressSequentially(call.caller.extension);
  await expect(form.getByRole('option', { selected: true })).toContainText(call.caller.name);
  await page.keyboard.press('Enter');
  await expect(form.getByRole('textbox', { name: 'Asunto' })).toBeFocused();
  await page.keyboard.insertText(call.subject);
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(call.description);
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
  await expect(pane(page)).toContainText(call.subject);
  const said = await page
    .getByText(/^Registrado \S+$/u)
    .last()
    .textContent();
  return said?.replace('Registrado ', '') ?? '';
}

export async function writeNote(page: Page, text: string): Promise<void> {
  await note(page).fill(text);
  await page.keyboard.press('Control+Enter');
  await expect(timeline(page).getByRole('article').filter({ hasText: text })).toBeVisible();
  await expect(note(page)).toHaveValue('');
}

/** Chooses in a field that opens a list. */
export async function choose(scope: Locator, label: string, option: string): Promise<void> {
  const page = scope.page();
  await scope.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

export interface Sheet {
  readonly team: string;
  readonly tried: string;
  readonly found: string;
  readonly pending: string;
}

export async function escalate(page: Page, sheet: Sheet): Promise<void> {
  await press(page, 'Escalar');
  const form = dialog(page, /^Escalar /u);
  await choose(form, 'Equipo', sheet.team);
  await form.getByLabel('Qué se probó').fill(sheet.tried);
  await form.getByLabel('Qué se halló').fill(sheet.found);
  await form.getByLabel('Qué falta').fill(sheet.pending);
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
}

/** Ids of the lines that the screen shows, oldest first: a line's id is the store's. */
export const entryIds = (page: Page): Promise<string[]> =>
  timeline(page)
    .locator('[data-entry-id]')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-entry-id') ?? ''));
