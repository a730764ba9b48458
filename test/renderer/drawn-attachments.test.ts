import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { useDrawnPage, withoutChromium } from './drawn-page.ts';

/** A GIF of one colour: whole, and small enough to stand here. */
const gif = Buffer.from('R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=', 'base64');
const picture = (name: string) => ({ name, mimeType: 'image/gif', buffer: gif });
const text = (name: string, bytes = 10) => ({ name, mimeType: '', buffer: Buffer.alloc(bytes, 'x') });

/** Files on the screens in a real Chromium, over the drawn console. */
describe.skipIf(withoutChromium)('files in Chromium', { timeout: 120_000 }, () => {
  const drawn = useDrawnPage();
  let page: Page;
  const openTicket = async (query: string, subject: string) => {
    page = await drawn.open(query);
    await page.getByRole('button', { name: /^Todos los abiertos/u }).click();
    await page.getByRole('row').filter({ hasText: subject }).first().click();
    await page.getByRole('heading', { name: subject }).waitFor();
  };
  const picker = () => page.locator('section[data-ticket-id]').getByTestId('file-picker');
  const staged = (state: string) => page.locator(`[data-staged=${state}]`);
  const note = () => page.getByRole('textbox', { name: 'Nota interna' });

  it('a note goes out with its files, which stand with it; files alone go out without words', async () => {
    await openTicket('connection=offline', 'Permiso de lectura en carpeta de convenios');
    await picker().setInputFiles([picture('foto.gif'), text('registro.log')]);
    await staged('ready').nth(1).waitFor();
    await note().fill('Adjunto dos.');
    await page.keyboard.press('Control+Enter');
    const card = page.getByRole('article').filter({ hasText: 'Adjunto dos.' });
    await card.locator('[data-file-state=waiting]').nth(1).waitFor();
    expect(await staged('ready').count()).toBe(0);
    // What is added at another moment has nothing to do with the note.
    await page.waitForTimeout(1_200);
    await picker().setInputFiles([text('solo.txt')]);
    await staged('ready').waitFor();
    await page.getByRole('button', { name: 'Guardar nota' }).click();
    await page.getByRole('article').filter({ hasText: '1 archivo' }).filter({ hasText: 'solo.txt' }).waitFor();
    await page.getByTestId('connection-pill').filter({ hasText: '3 archivos' }).waitFor();
    await page
      .getByRole('row')
      .filter({ hasText: 'Permiso de lectura' })
      .getByRole('img', { name: 'con archivos' })
      .waitFor();
  });

  it('a call is registered with its files, and they stand under it', async () => {
    page = await drawn.open('connection=offline');
    await page.keyboard.press('n');
    const form = page.getByRole('dialog', { name: 'Registrar llamada' });
    await form.getByRole('combobox', { name: 'Quién llama' }).fill('rosa');
    await page.locator('[role=listbox][aria-busy=false]').waitFor();
    await page.keyboard.press('Enter');
    await form.getByRole('textbox', { name: 'Asunto' }).fill('Pantalla con rayas');
    await form.getByRole('textbox', { name: 'Descripción' }).fill('Desde que se movió el equipo.');
    await form.getByTestId('file-picker').setInputFiles([picture('rayas.gif')]);
    await staged('ready').waitFor();
    await form.getByRole('textbox', { name: 'Asunto' }).press('Control+Enter');
    await page.getByRole('heading', { name: 'Pantalla con rayas' }).waitFor();
    await page.getByRole('log').locator('[data-attachment-id]').filter({ hasText: 'rayas.gif' }).waitFor();
    expect(await page.getByRole('log').getByRole('article').count()).toBe(0);
  });

  it('what is refused says why at the file, comes first, and leaves with the text that goes without it', async () => {
    await openTicket('connection=offline', 'Permiso de lectura en carpeta de convenios');
    await picker().setInputFiles([picture('a.gif'), text('virus.scr'), text('vacio.txt', 0)]);
    await staged('refused').nth(1).waitFor();
    await staged('ready').waitFor();
    const alerts = await page
      .getByRole('list', { name: 'Archivos por guardar con este texto' })
      .getByRole('alert')
      .allTextContents();
    expect(alerts).toEqual([expect.stringContaining('.scr'), expect.stringContaining('vacío')]);
    const items = await page
      .locator('[data-staged]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-staged')));
    expect(items).toEqual(['refused', 'refused', 'ready']);
    await page.getByRole('button', { name: 'Quitar virus.scr' }).press('Enter');
    expect(await staged('refused').count()).toBe(1);
    await note().press('Control+Enter');
    await page.locator('[data-file-state=waiting]').waitFor();
    expect(await page.locator('[data-staged]').count()).toBe(0);
  });

  it('a form that is closed while its file is still being read saves nothing, and keeps the file', async () => {
    await openTicket('connection=offline', 'Permiso de lectura en carpeta de convenios');
    await page.keyboard.press('v');
    const form = page.getByRole('dialog', { name: 'Registrar visita' });
    await form.getByTestId('file-picker').setInputFiles([text('grande.zip', 10_000_000)]);
    await form.locator('[data-staged=reading]').waitFor();
    await form.getByLabel('Qué se hizo').press('Control+Enter');
    await form.getByRole('button', { name: 'Leyendo 1 archivo…' }).waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.keyboard.press('v');
    await form.locator('[data-staged=ready]').waitFor();
    expect(await page.getByRole('log').getByText('estuvo en la sede').count()).toBe(0);
  });

  it('threat 14 a picture bomb is taken as a file and never drawn', async () => {
    const size = 20_000;
    const header = Buffer.alloc(25);
    header.writeUInt32BE(13, 0);
    header.write('IHDR', 4, 'latin1');
    header.writeUInt32BE(size, 8);
    header.writeUInt32BE(size, 12);
    header[16] = 1;
    const rows = deflateSync(Buffer.alloc(2_000_000));
    const bomb = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), header, rows]);
    await openTicket('connection=offline', 'Permiso de lectura en carpeta de convenios');
    await picker().setInputFiles([{ name: 'bomba.png', mimeType: 'image/png', buffer: bomb }]);
    await staged('ready').waitFor();
    expect(await staged('ready').locator('img').count()).toBe(0);
    await note().press('Control+Enter');
    await page
      .getByRole('log')
      .getByRole('button', { name: /^Guardar bomba\.png/u })
      .waitFor();
  });

  it('pictures of others are brought when they are opened; arrows go on, Esc gives the focus back', async () => {
    await openTicket('', 'Sin acceso al sistema de planillas');
    const tile = page.getByRole('log').getByRole('button', { name: /^Ver Error de Planillas/u });
    await tile.focus();
    await page.keyboard.press('Enter');
    const box = page.getByRole('dialog', { name: 'Imagen adjunta' });
    await box.getByText(/descargando|por descargar/u).waitFor();
    await box.getByRole('img', { name: 'Error de Planillas.png' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await box.getByText('El archivo sigue en el equipo de quien lo adjuntó.').waitFor();
    for (let turn = 0; turn < 12; turn += 1) {
      await page.keyboard.press('Tab');
      expect(await box.evaluate((node) => node.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await page.waitForFunction(
      () => document.activeElement?.getAttribute('aria-label')?.startsWith('Ver Error de') === true,
    );
  });

  it('a computer without a camera says so, with the other way; its keys are not those of the form around it', async () => {
    await openTicket('connection=offline', 'Permiso de lectura en carpeta de convenios');
    await note().fill('Sin cámara');
    await page.getByRole('button', { name: 'Tomar foto' }).click();
    const camera = page.getByRole('dialog', { name: 'Tomar una foto' });
    await camera.getByRole('alert').waitFor();
    expect(await camera.getByRole('alert').textContent()).toMatch(/cámara/u);
    const choose = camera.getByRole('button', { name: 'Elegir una foto' });
    expect((await choose.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await camera.press('Control+Enter');
    expect(await page.getByRole('article').filter({ hasText: 'Sin cámara' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await camera.waitFor({ state: 'detached' });
    expect(await note().inputValue()).toBe('Sin cámara');
  });
});
