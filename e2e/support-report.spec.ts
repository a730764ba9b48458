import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Download, Page } from '@playwright/test';
import { z } from 'zod';
import { supportFilesSchema, supportStatesSchema } from '../src/protocol/console/support-methods.ts';
import { openTicket, pill, writeNote } from './support/acts.ts';
import { trialPassword } from './support/desk.ts';
import { signIn } from './support/fixtures.ts';
import { openLink } from './support/link.ts';
import { expect, ownTicket, technician, test } from './support/states.ts';

const planted = { subject: 'Quipucamayoc perdido', note: 'zampoñazo en la ventanilla', draft: 'huarmeyano' };
const partOf = <S extends z.ZodType>(told: S) => z.strictObject({ ok: z.literal(true), told });
const reportSchema = z.object({
  form: z.literal(1),
  host: partOf(z.object({ version: z.string() })),
  states: partOf(supportStatesSchema),
  files: partOf(supportFilesSchema),
});

async function saved(page: Page, click: () => Promise<void>): Promise<{ text: string; download: Download }> {
  const waiting = page.waitForEvent('download');
  await click();
  const download = await waiting;
  return { text: await readFile(await download.path(), 'utf8'), download };
}
const button = (page: Page) => page.getByRole('button', { name: 'Guardar informe para soporte' });

test('C140 C141 C142 one click saves a report for support, with the store away; what was written is not in it, nor in the logs', async ({
  desk,
  openConsole,
}) => {
  const link = await openLink(desk.url);
  const { page, folder } = await openConsole({ storeUrl: link.url });
  const { user } = technician();
  // Before anybody is signed in there is something to say as well.
  const first = reportSchema.parse(JSON.parse((await saved(page, () => button(page).click())).text));
  expect(first.states.told.profiles).toEqual([]);

  await signIn(page, user);
  await ownTicket(page, planted.subject);
  await openTicket(page, planted.subject);
  link.cut();
  await expect(pill(page)).toHaveText(/^Sin conexión desde/u);
  await writeNote(page, planted.note);
  await page.getByRole('textbox', { name: /nota/iu }).first().fill(planted.draft);
  await expect(pill(page)).toHaveText(/1 por enviar$/u);
  await pill(page).click();
  const { text, download } = await saved(page, () => button(page).click());
  expect(download.suggestedFilename()).toMatch(/^chasqui-soporte-\d{8}-\d{4}\.json$/u);

  const { states, files } = reportSchema.parse(JSON.parse(text));
  expect(states.told.profiles).toMatchObject([
    { active: true, sync: { ok: true, connection: { state: 'offline', pendingActs: 1 } }, outbox: { unanswered: 1 } },
  ]);
  expect(files.told.profiles[0]?.outbox).toMatchObject({ ok: true, sound: true, rows: { 'commands:waiting': 1 } });
  const engine = files.told.logs.find(({ component }) => component === 'engine');
  expect(engine?.lines.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['started', 'actSaved', 'actAnswered']),
  );

  const logs = join(folder, 'data', 'console', 'logs');
  const written = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')));
  expect(written.join('')).toContain('"event":"actSaved"');
  const everything = [text, ...written].join('\n').toLowerCase();
  for (const word of [...Object.values(planted), user, trialPassword])
    for (const piece of word.toLowerCase().split(' ')) if (piece.length > 5) expect(everything).not.toContain(piece);

  // Whoever hands it over can read it first.
  await page.getByRole('button', { name: 'Ver qué lleva' }).last().click();
  const dialog = page.getByRole('dialog', { name: 'Informe para soporte' });
  await expect(dialog.getByTestId('support-text')).toHaveText(text.trim(), { useInnerText: false });
  await expect(dialog).toContainText('No lleva textos de tickets');
  const again = await saved(page, () => dialog.getByRole('button', { name: 'Guardar otra vez' }).click());
  expect(again.text).toBe(text);
  await link.close();
});
