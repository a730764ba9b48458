import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { useDrawnPage, withoutChromium } from './drawn-page.ts';

/** The ticket, its dialogs and the quick entry in a real Chromium, over the drawn console. */
describe.skipIf(withoutChromium)('the ticket in Chromium', { timeout: 120_000 }, () => {
  const drawn = useDrawnPage();
  let page: Page;
  const open = async (query: string, width = 1440) => {
    page = await drawn.open(query, width);
  };
  const openTicket = async (subject: string) => {
    await page.getByRole('row').filter({ hasText: subject }).first().click();
    await page.getByRole('heading', { name: subject }).waitFor();
  };
  const composer = () => page.locator('textarea[data-note-kind]');
  const saved = () => page.locator('[data-draft-state=saved]');
  const log = () => page.getByRole('log');

  it('R11, R15: a call of somebody in no directory is registered, taken and resolved by keyboard alone', async () => {
    await open('');
    await page.keyboard.press('n');
    await page.keyboard.type('Jorge Practicante');
    await page
      .locator('[role=listbox][aria-busy=false]')
      .getByRole('option', { name: 'fuera del directorio' })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Unidad' }).waitFor();
    for (const text of ['Mesa de partes', 'Puno', '7214']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('No entra a la intranet');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Dice que su clave venció ayer.');
    await page.keyboard.press('Alt+Enter');
    await page.getByRole('textbox', { name: 'Solución' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Para resolver hay que escribir la solución.').waitFor();
    await page.keyboard.type('Se restableció la clave y entró.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'No entra a la intranet' }).waitFor();
    const said = await log().textContent();
    expect(said).toContain('registró la llamada de Jorge Practicante, anexo 7214');
    expect(said).toContain('tomó el ticket');
    expect(said).toContain('resolvió en la llamada');
    await page.keyboard.press('n');
    await page.getByRole('combobox', { name: 'Quién llama' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Asunto' }).inputValue()).toBe('');
  });

  it('R19, R4: the caller’s tickets, device and priority are shown while the name is typed', async () => {
    await open('');
    await page.keyboard.press('n');
    await page.keyboard.type('rosa');
    await page.locator('[role=listbox][aria-busy=false]').waitFor();
    await page.getByText('LIM-DGT-002').waitFor();
    await page.getByText('Sin acceso al sistema de planillas: error ORA-12541').last().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-live-priority=high]').waitFor();
    await page.getByRole('button', { name: 'LIM-DGT-002', pressed: true }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Falta el asunto.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-entry-field'))).toBe('subject');
  });

  it('a note half written waits on its own ticket and kind, and goes out once', async () => {
    await open('');
    await openTicket('Solicitud de equipo para nueva inspectora');
    await page.keyboard.press('c');
    await page.keyboard.type('La laptop está lista');
    await saved().waitFor();
    await page.getByRole('tab', { name: 'Nota pública' }).click();
    expect(await composer().inputValue()).toBe('');
    await page.keyboard.type('Carmen, puede recogerla');
    await openTicket('Impresora compartida pide credenciales');
    expect(await composer().inputValue()).toBe('');
    await openTicket('Solicitud de equipo para nueva inspectora');
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('textarea[data-note-kind]')?.value !== '',
    );
    expect(await composer().inputValue()).toBe('Carmen, puede recogerla');
    await page.getByRole('tab', { name: 'Nota interna' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('textarea[data-note-kind]')?.value !== '',
    );
    expect(await composer().inputValue()).toBe('La laptop está lista');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await log().getByText('La laptop está lista').waitFor();
    expect(await log().getByText('La laptop está lista').count()).toBe(1);
    expect(await composer().inputValue()).toBe('');
  });

  it('R16: escalation says in the dialog what is missing, keeps what was written, and goes out as one act', async () => {
    await open('');
    await openTicket('Solicitud de equipo para nueva inspectora');
    await page.keyboard.press('e');
    await page.getByRole('dialog', { name: 'Escalar' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Elige un equipo.').waitFor();
    await page.getByRole('textbox', { name: 'Qué se halló' }).fill('No hay equipos en almacén');
    await saved().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('e');
    await page.waitForFunction(
      () => document.querySelector('[role=dialog]')?.textContent?.includes('No hay equipos en almacén') === true,
    );
    await page.getByRole('combobox', { name: 'Equipo' }).click();
    await page.getByRole('option', { name: 'Servidores y redes' }).click();
    await page.getByRole('textbox', { name: 'Qué se probó' }).fill('Se buscó en almacén');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByText('Escalado · por aceptar').first().waitFor();
    expect(await log().textContent()).toMatch(/escaló a Servidores y redes[\s\S]*No hay equipos en almacén/);
  });

  it('R12: accepted by its key, a remote session with its preview, its clock and its outcome', async () => {
    await open('person=2');
    await openTicket('Sin acceso al sistema de planillas: error ORA-12541');
    await page.keyboard.press('a');
    await log().getByText('aceptó la derivación').waitFor();
    await page.keyboard.press('o');
    await page.locator('[data-remote-preview]').getByText('rustdesk://').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-remote-running]').waitFor();
    await page.keyboard.press('Shift+O');
    await page.getByRole('radio', { name: 'No solucionado' }).check();
    await page.getByRole('textbox', { name: 'Qué se hizo' }).fill('El servicio no levanta');
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-remote-running]').waitFor({ state: 'hidden' });
    expect(await log().textContent()).toMatch(
      /Sesión remota de Luis Quiroga con RustDesk[\s\S]*no solucionado[\s\S]*El servicio no levanta/,
    );
  });

  it('a subject is edited where it stands, and letters typed there are no shortcuts', async () => {
    await open('');
    await openTicket('Solicitud de equipo para nueva inspectora');
    await page.getByRole('heading', { name: 'Solicitud de equipo' }).getByRole('button').click();
    await page.keyboard.type('Equipo nuevo para inspectora');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Equipo nuevo para inspectora' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await log().textContent()).toContain('cambió el asunto de');
  });

  it('SY9: a refused act says why on its ticket, and the acts fold into the menu of a narrow pane', async () => {
    await open('outbox&connection=offline', 1024);
    await openTicket('Excel se cierra al abrir el reporte de sindicalización');
    await page.locator('[data-refused]').getByText('lo tomó antes').waitFor();
    const bar = page.getByRole('toolbar', { name: 'Acciones del ticket' });
    const width = (await bar.boundingBox())?.width ?? 0;
    for (const button of await bar.getByRole('button').all()) {
      if (!(await button.isVisible())) continue;
      const box = await button.boundingBox();
      const start = (await bar.boundingBox())?.x ?? 0;
      expect((box?.x ?? 0) + (box?.width ?? 0) - start).toBeLessThanOrEqual(width + 0.5);
    }
    await bar.getByRole('button', { name: 'Más acciones' }).click();
    await page.getByRole('menuitem', { name: 'Anular' }).waitFor();
  });
});
