import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { useDrawnPage, withoutChromium } from './drawn-page.ts';

/** The built screens in a real Chromium, over a console drawn in memory by the real domain, under the hosts' kind of policy. */
describe.skipIf(withoutChromium)('the screens in Chromium', () => {
  const drawn = useDrawnPage();
  let page: Page;
  const open = async (query: string, width = 1440, height = 900) => {
    page = await drawn.open(query, width, height);
  };
  const rows = () =>
    page
      .getByRole('grid')
      .getByRole('row')
      .filter({ has: page.getByRole('gridcell') });
  /** The rows are those of what was asked last. */
  const settled = () => page.locator('[role=grid][aria-busy=false]').waitFor();
  const marked = () => page.getByRole('toolbar', { name: 'marcado' });

  it('raises no violation of the page policy through menus, dialogs, palette and panels', async () => {
    await open('outbox&connection=offline');
    await page.getByTestId('connection-pill').click();
    await page.getByText('Todo está guardado en este equipo', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sede: todas' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cuenta de Marisol Tupa' }).click();
    await page.getByRole('menuitem', { name: 'Preferencias' }).click();
    await page.getByRole('dialog', { name: 'Preferencias' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+p');
    await page.getByPlaceholder('Escribe un ticket').fill('preferen');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Preferencias' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Atajos de teclado' }).waitFor();
  });

  it('closes the palette by the Escape of the very moment in which it has the focus, over a panel that is closing', async () => {
    await open('outbox');
    // Closed before its way in was seen to begin, a panel waits for the end of an animation: here it waits for ever.
    await page.evaluate(() => {
      for (const name of ['animationstart', 'animationend', 'animationcancel'])
        window.addEventListener(name, (event) => event.stopImmediatePropagation(), { capture: true });
    });
    await page.getByTestId('connection-pill').click();
    await page.getByRole('dialog', { name: 'Por enviar' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=dialog][data-state=closed]').waitFor();
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const press = (target: EventTarget, init: KeyboardEventInit) =>
            target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
          document.addEventListener('focusin', ({ target }) => {
            if (!(target instanceof HTMLInputElement) || !target.matches('[cmdk-input]')) return;
            // Before any other task: no key of a person or a test is sooner than this.
            queueMicrotask(() => {
              press(target, { key: 'Escape' });
              resolve();
            });
          });
          press(document.body, { key: 'p', ctrlKey: true });
        }),
    );
    await page.getByRole('dialog', { name: 'Buscar o hacer' }).waitFor({ state: 'detached' });
  });

  it('gives the focus back with the choice in a list, not a task later: the next key finds its place', async () => {
    await open('');
    await page.getByRole('button', { name: 'Sede: todas' }).click();
    await page.getByRole('option').nth(1).waitFor();
    const focused = await page.evaluate(async () => {
      document.querySelectorAll<HTMLElement>('[role=option]')[1]?.click();
      // What the click has set off, and no other task.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      return document.activeElement?.getAttribute('aria-label');
    });
    expect(focused).toMatch(/^Sede: /u);
  });

  it('moves, opens and marks in the queue by keys alone', async () => {
    await open('');
    await rows().first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = (await rows().nth(1).locator('p').first().textContent()) ?? '';
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: second }).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect(await marked().textContent()).toContain('2 marcados');
    await page.keyboard.press('Escape');
    await marked().waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: second }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Ningún ticket abierto').waitFor();
  });

  it('folds the side bar by its key, and its entries keep their names', async () => {
    await open('');
    await rows().first().waitFor();
    const side = page.getByRole('navigation');
    const wide = (await side.boundingBox())?.width ?? 0;
    await page.keyboard.press('Control+b');
    await page.getByRole('button', { name: 'Desplegar la barra lateral' }).waitFor();
    expect((await side.boundingBox())?.width).toBeLessThan(wide / 2);
    await side.getByRole('button', { name: 'Sin asignar' }).click();
    await page.getByRole('heading', { name: 'Sin asignar' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'Plegar la barra lateral' }).waitFor();
  });

  it('shows the end of five thousand tickets with a few dozen rows in the page', async () => {
    await open('many=5000');
    await page.getByRole('button', { name: 'Todos los abiertos' }).click();
    await page.getByText('5,013 tickets').waitFor();
    expect(await rows().count()).toBeLessThan(60);
    await page.evaluate(() => {
      const list = document.querySelector('[role=rowgroup]')?.parentElement;
      list?.scrollTo({ top: list.scrollHeight });
    });
    await page.locator('[role=row][aria-rowindex="5014"]').waitFor();
    expect(await rows().count()).toBeLessThan(60);
  });

  it('begins another view and another search at their top, however far down the list before stood', async () => {
    await open('many=5000');
    const scrolled = (to: 'end' | 'where') =>
      page.evaluate((where) => {
        const list = document.querySelector('[role=rowgroup]')?.parentElement;
        if (where === 'end') list?.scrollTo({ top: list.scrollHeight });
        return list?.scrollTop ?? -1;
      }, to);
    const last = async () => Number(await rows().last().getAttribute('aria-rowindex'));
    const first = page.locator('[role=row][aria-rowindex="2"]');
    for (const choose of [
      () => page.getByRole('button', { name: 'Mi equipo' }).click(),
      () => page.getByRole('searchbox', { name: 'Buscar' }).fill('de'),
    ]) {
      await page.getByRole('searchbox', { name: 'Buscar' }).fill('');
      await page.getByRole('button', { name: 'Todos los abiertos' }).click();
      await page.getByText('5,013 tickets').waitFor();
      expect(await scrolled('end')).toBeGreaterThan(100_000);
      await expect.poll(last).toBe(5_014);
      await choose();
      await first.waitFor();
      await expect.poll(() => scrolled('where')).toBe(0);
      await expect.poll(last).toBeLessThan(60);
    }
  });

  it('searches as one types, through the whole scope, and Escape brings the view back', async () => {
    await open('many=60');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sindicaliz', { delay: 5 });
    await page.getByRole('heading', { name: 'Resultados de «sindicaliz»' }).waitFor();
    await settled();
    const subjects = await rows().allInnerTexts();
    expect(subjects.length).toBeGreaterThan(0);
    expect(subjects.every((text) => text.includes('sindicaliz'))).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Mi equipo' }).waitFor();
  });

  it('remembers filters and says when nothing meets them', async () => {
    await open('');
    await page.getByRole('button', { name: 'Tipo: todos' }).click();
    await page.getByRole('menuitemradio', { name: 'Problema' }).click();
    await page.getByText('Ningún ticket cumple estos filtros.').waitFor();
    await page.getByRole('button', { name: 'Mis tickets' }).click();
    await page.getByRole('button', { name: 'Tipo: Problema' }).waitFor();
    await page.getByRole('button', { name: 'Quitar filtros' }).first().click();
    await rows().first().waitFor();
  });

  it('brings filters, order and view back at the next sign-in', async () => {
    await open('');
    await page.getByRole('button', { name: 'Todos los abiertos' }).click();
    await page.getByRole('button', { name: 'Nivel: 1–3' }).click();
    await page.getByRole('menuitemradio', { name: 'Nivel 2' }).click();
    await page.getByRole('columnheader', { name: 'Asunto' }).getByRole('button').click();
    await settled();
    const before = await rows().allTextContents();
    expect(before).toHaveLength(2);
    await page.getByRole('button', { name: 'Cuenta de Marisol Tupa' }).click();
    await page.getByRole('menuitem', { name: 'Cerrar sesión' }).click();
    await page.getByRole('heading', { name: 'Entrar a la mesa de servicio' }).waitFor();
    await page.getByRole('button', { name: 'Marisol Tupa GRTPE Puno' }).click();
    await page.getByRole('heading', { name: 'Todos los abiertos' }).waitFor();
    await page.getByRole('button', { name: 'Nivel: 2' }).waitFor();
    await expect.poll(() => rows().allTextContents()).toEqual(before);
  });

  it('lets a supervisor pass marked tickets on with a preview, and take it back', async () => {
    await open('role=supervisor&person=1&many=40');
    await page.getByRole('button', { name: 'Supervisión' }).click();
    await page.getByRole('button', { name: 'Marisol Tupa', exact: false }).first().click();
    await page.getByRole('heading', { name: 'Tickets de Marisol Tupa' }).waitFor();
    await settled();
    const load = async (name: string) =>
      Number(await page.getByRole('row', { name }).locator('td').nth(1).textContent());
    const before = await load('Marisol Tupa');
    const central = rows().filter({ hasText: 'Luis Ccopa' });
    const count = await central.count();
    expect(count).toBeGreaterThan(0);
    for (let n = 0; n < count; n += 1) await central.nth(n).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Reasignar' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Nuevo responsable' }).click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('button', { name: `Reasignar ${count}` }).click();
    await page.getByText(count === 1 ? '1 ticket reasignado' : `${count} tickets reasignados`).waitFor();
    await expect.poll(() => load('Marisol Tupa')).toBe(before - count);
    await page.getByRole('button', { name: 'Deshacer' }).click();
    await expect.poll(() => load('Marisol Tupa')).toBe(before);
  });

  it('SY9 shows what was refused with its content, and takes it off the panel on demand', async () => {
    await open('outbox');
    await page.getByTestId('connection-pill').click();
    const refused = page.getByRole('listitem').filter({ hasText: 'Ana Morales lo tomó antes' });
    expect(await refused.textContent()).toContain('no aplicado');
    const parked = page.getByRole('listitem').filter({ hasText: 'en conflicto' });
    expect(await parked.locator('dd').allTextContents()).toEqual([
      'Configurar buzón de mesa de partes en Outlook',
      'Configurar buzón y reglas',
    ]);
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await refused.waitFor({ state: 'hidden' });
    await page.getByText('2 no aplicados').waitFor();
  });

  it('SY9 asks twice before words go out of sight, and opens their form to edit them', async () => {
    await open('outbox');
    await page.getByTestId('connection-pill').click();
    const refused = page.getByRole('listitem').filter({ hasText: 'Resolver' });
    expect(await refused.textContent()).toContain('antes de eso estaba aplicado, ahora quedó no aplicado');
    await refused.getByRole('button', { name: 'Descartar' }).click();
    await refused.getByText('El texto sigue en el archivo de este equipo.', { exact: false }).waitFor();
    await refused.getByRole('button', { name: 'Cancelar' }).click();
    await refused.getByRole('button', { name: 'Editar' }).click();
    const form = page.getByRole('dialog', { name: 'Resolver' });
    await expect
      .poll(() => form.getByLabel('Solución').inputValue())
      .toBe('Se restableció la clave y la usuaria entró con ella.');
  });

  it('tells each notice once, newest first, and the keys reach them', async () => {
    await open('notices=storeRestored,cacheRepaired,scopeChanged');
    const strip = page.getByRole('region', { name: 'Avisos de este equipo' });
    await strip.getByText('12 actos tuyos', { exact: false }).waitFor();
    expect(await strip.getAttribute('aria-live')).toBe('polite');
    expect(await strip.getByRole('listitem').count()).toBe(1);
    await strip.getByRole('button', { name: 'Ver 2 avisos más' }).press('Enter');
    expect(await strip.getByRole('listitem').count()).toBe(3);
    await strip.getByRole('button', { name: 'Dar por leído' }).first().press('Enter');
    await strip.getByText('12 actos tuyos', { exact: false }).waitFor({ state: 'hidden' });
    await strip.getByText('Se corrigieron 3 filas', { exact: false }).waitFor();
  });

  it('offers the desk at the end of a search, and opens what only the desk has', async () => {
    await open('');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('planillas', { delay: 5 });
    await page.getByText('Buscar también en la mesa').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'En la mesa: «planillas»' }).getByText('boletas de pago').click();
    await page.getByText('En línea: este ticket no se guarda', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Reabrir' }).waitFor();
  });

  it('takes leave on a revoked device', async () => {
    await open('signedOut&farewell=untold');
    const farewell = page.getByRole('region', { name: 'Este equipo fue dado de baja' });
    await farewell.getByText('1 acto no se pudo entregar.').waitFor();
    await farewell.getByText('La mesa aún no lo sabe', { exact: false }).waitFor();
  });

  it('speaks English on demand and remembers it on the page', async () => {
    await open('');
    await page.getByRole('button', { name: 'Cuenta de Marisol Tupa' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('button', { name: 'My tickets' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('offers the trial accounts, says what is wrong with a password, and lets in', async () => {
    await open('signedOut');
    await page.getByText('Ana Morales: 3 por enviar').waitFor();
    await page.getByLabel('Contraseña').fill('mal');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').textContent()).toBe('Usuario o contraseña incorrectos.');
    await page.getByRole('button', { name: 'Luis Quiroga' }).click();
    await page.getByRole('button', { name: 'Cuenta de Luis Quiroga' }).waitFor();
  });

  it('keeps the person inside when the session expires, and asks for the password on the spot', async () => {
    await open('connection=sessionExpired');
    await rows().first().click();
    await page.getByText('Tu sesión venció', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Entrar de nuevo' }).click();
    await page.getByRole('dialog').getByLabel('Contraseña').fill('mal');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').getByRole('alert').textContent()).toBe('Usuario o contraseña incorrectos.');
    await page.getByRole('dialog').getByLabel('Contraseña').fill('demo');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('locks the reading once the offline window is over, and says what is still saved', async () => {
    await open('connection=reauthLocked&outbox');
    await page.getByRole('heading', { name: 'Entrar a la mesa de servicio' }).waitFor();
    expect(await page.getByRole('grid').count()).toBe(0);
    await page.getByText('Marisol Tupa: 4 por enviar').waitFor();
  });

  it.each([
    [1024, 768],
    [1280, 800],
    [1440, 900],
  ])('keeps every control inside its part of the window at %i × %i', async (width, height) => {
    await open('role=supervisor&person=1&many=30&outbox&connection=offline', width, height);
    const sticking = () =>
      page.evaluate(() => {
        const main = document.querySelector('main')?.getBoundingClientRect();
        return [...document.querySelectorAll('main button, main input, main h1')]
          .filter((each) => each.getBoundingClientRect().right > (main?.right ?? 0) + 0.5)
          .map((each) => each.textContent);
      });
    for (const name of ['Atención al ciudadano', 'Mientras no estabas', 'Supervisión']) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await sticking()).toEqual([]);
    }
  });
});
