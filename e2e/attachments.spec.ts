import { dialog, note, openTicket, pane, pill, press, reconnected, registerCall, timeline } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket } from './support/desk.ts';
import {
  fileCard,
  keepPictures,
  noisyPng,
  pasteScreenshot,
  pick,
  savedBytes,
  sha256,
  shownPicture,
  staged,
  watchPage,
} from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { openLink } from './support/link.ts';

const subject = 'Tablero sin etiquetas en el piso 3';
const photo = noisyPng('Tablero del piso 3.png', 640, 480);
const screenshot = noisyPng('image.png', 320, 200);

test('SY1 photos of a visit without a link outlive a kill, go out when it returns, and tier 2 sees the same bytes', async ({
  desk,
  openConsole,
}, info) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const link = await openLink(desk.url);
  const mine = await openConsole({ storeUrl: link.url });
  await signIn(mine.page, me.user);
  await registerCall(mine.page, { caller: callerWithDevice(4), subject, description: 'Hay que ir a verlo.' });
  await expect(pill(mine.page)).toHaveText('Al día');
  link.cut();
  await expect(pill(mine.page)).toContainText('Sin conexión desde');

  // The very picture that the person saw and took.
  let taken: Awaited<ReturnType<typeof shownPicture>> | null = null;
  await test.step('picked, pasted and photographed; a reload in the middle loses none', async () => {
    const { page } = mine;
    const watched = await watchPage(page);
    await openTicket(page, subject);
    await press(page, 'Registrar visita');
    const form = dialog(page, 'Registrar visita');
    await pick(page, [photo], form);
    await pasteScreenshot(form.getByLabel('Qué se hizo'), screenshot);
    await expect(staged(form)).toHaveCount(2);
    await expect(form.getByText(/Captura \d{4}/u)).toBeVisible();
    await watched.expectClean();
    await page.reload();
    await openTicket(page, subject);
    await press(page, 'Registrar visita');
    await expect(staged(form)).toHaveCount(2);
    if (info.project.name === 'portable') {
      await keepPictures(page);
      await form.getByRole('button', { name: 'Tomar foto' }).click();
      const camera = dialog(page, 'Tomar una foto');
      await camera.getByRole('button', { name: 'Tomar', exact: true }).click();
      taken = await shownPicture(camera.getByRole('img', { name: 'Foto tomada' }));
      expect([taken.width, taken.height].every((pixels) => pixels >= 240)).toBe(true);
      await camera.getByRole('button', { name: 'Usar foto' }).click();
      await expect(camera).toBeHidden();
      await expect(staged(form)).toHaveCount(3);
    }
    await form.getByLabel('Qué se hizo').fill('Se etiquetó el tablero.');
    await page.keyboard.press('Control+Enter');
    await expect(form).toBeHidden();
  });
  const count = info.project.name === 'portable' ? 3 : 2;

  await test.step('shown as saved, and all there after a kill', async () => {
    await expect(fileCard(mine.page, /\.(png|jpg)/u)).toHaveCount(count);
    await expect(pill(mine.page)).toContainText(`${count + 1} por enviar · ${count} archivos`);
    await mine.kill();
    await mine.reopen();
    const { page } = mine;
    await expect(pill(page)).toContainText(`${count + 1} por enviar · ${count} archivos`, { timeout: 90_000 });
    const watched = await watchPage(page);
    await openTicket(page, subject);
    await expect(fileCard(page, /\.(png|jpg)/u)).toHaveCount(count);
    await expect(fileCard(page, 'por enviar')).toHaveCount(count);
    const card = fileCard(page, 'piso 3.png');
    await card.getByRole('button', { name: /^Ver Tablero/u }).click();
    const box = dialog(page, 'Imagen adjunta');
    const picture = box.getByRole('img', { name: photo.name });
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))).toBe(640);
    await page.keyboard.press('Escape');
    await expect(box).toBeHidden();
    await expect(card.getByRole('button', { name: /^Ver Tablero/u })).toBeFocused();
    await watched.expectClean();
  });

  await test.step('the link returns', async () => {
    link.heal();
    await reconnected(mine.page);
    await expect(timeline(mine.page).locator('[data-file-state=sent]')).toHaveCount(count);
    const { ticket, entries } = await storedTicket(desk, subject);
    expect(ticket.attachments).toMatchObject({ count, waiting: 0 });
    expect(entries.map(({ event }) => event.type)).toContain('attachmentArrived');
    const added = entries.flatMap(({ event }) => (event.type === 'attachmentAdded' ? [event] : []));
    expect(added.map((file) => [file.size, file.sha256])).toEqual(
      expect.arrayContaining(
        [photo.buffer, screenshot.buffer, ...(taken === null ? [] : [taken.bytes])].map((bytes) => [
          bytes.length,
          sha256(bytes),
        ]),
      ),
    );
  });

  await test.step('tier 2 sees the photo on another console, with the same bytes', async () => {
    await press(mine.page, 'Escalar');
    const sheet = dialog(mine.page, /^Escalar /u);
    await sheet.getByRole('combobox', { name: 'Equipo', exact: true }).click();
    await mine.page.getByRole('option', { name: 'Servidores y redes' }).click();
    await sheet.getByLabel('Qué se probó').fill('Etiquetas');
    await sheet.getByLabel('Qué se halló').fill('El tablero alimenta el rack');
    await mine.page.keyboard.press('Control+Enter');
    await expect(sheet).toBeHidden();
    await expect(pill(mine.page)).toHaveText('Al día');

    const { page } = await openConsole();
    await signIn(page, personOf({ team: 'Servidores y redes' }).user);
    const watched = await watchPage(page);
    await openTicket(page, subject);
    const card = fileCard(page, 'piso 3.png');
    await expect(card).toHaveAttribute('data-file-state', 'download');
    await card.getByRole('button', { name: /^Ver Tablero/u }).click();
    const box = dialog(page, 'Imagen adjunta');
    await expect(box.getByRole('img', { name: photo.name })).toBeVisible();
    const save = box.getByRole('button', { name: /^Guardar Tablero/u });
    const { name, bytes } = await savedBytes(page, () => save.click());
    expect(name).toBe(photo.name);
    expect(sha256(bytes)).toBe(sha256(photo.buffer));
    await page.keyboard.press('Escape');
    await expect(box).toBeHidden();
    if (taken !== null) {
      await keepPictures(page);
      const shot = fileCard(page, /Foto \d{4}/u);
      await shot.getByRole('button', { name: /^Ver Foto/u }).click();
      const seen = await shownPicture(box.getByRole('img', { name: /^Foto/u }));
      expect([seen.width, seen.height, sha256(seen.bytes)]).toEqual([taken.width, taken.height, sha256(taken.bytes)]);
    }
    await watched.expectClean();
  });
  await link.close();
});

test('a file that no desk takes is refused at the file before it is read, in words, and the text is saved without it', async ({
  desk,
  openConsole,
}) => {
  const { page } = await openConsole();
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  const own = 'Instalador que nadie pidió';
  await registerCall(page, { caller: callerWithDevice(6), subject: own, description: 'Lo mandaron por correo.' });
  await openTicket(page, own);
  const given = (name: string, text: string) => ({ name, mimeType: '', buffer: Buffer.from(text) });
  await pick(page, [given('instalador.exe', 'MZ'), given('factura.exe%00.pdf', 'MZ'), given('vacio.txt', '')]);
  const alerts = pane(page).getByRole('alert');
  await expect(alerts).toHaveCount(3);
  await expect(alerts.nth(0)).toContainText('No se adjuntan archivos .exe');
  await expect(alerts.nth(1)).toContainText('El nombre del archivo no es válido');
  await expect(alerts.nth(2)).toContainText('El archivo está vacío');
  await note(page).fill('Se le explicó que no lo abra.');
  await page.keyboard.press('Control+Enter');
  await expect(alerts).toHaveCount(0);
  await expect(pill(page)).toHaveText('Al día');
  const { entries } = await storedTicket(desk, own);
  expect(entries.map(({ event }) => event.type)).toEqual(['registered', 'noteAdded']);
});

test('20 MB go from one console to another with their progress on the screen', async ({ desk, openConsole }, info) => {
  const own = 'Respaldo de la contabilidad';
  const large = { name: 'respaldo.zip', mimeType: 'application/zip', buffer: Buffer.alloc(20_000_000) };
  for (let at = 0; at < large.buffer.length; at += 4) large.buffer.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at);
  const [one, two] = await Promise.all([openConsole(), openConsole()]);
  await Promise.all([
    signIn(one.page, personOf({ team: 'Mesa de Servicio' }).user),
    signIn(two.page, personOf({ team: 'Mesa de Servicio' }, 1).user),
  ]);
  await registerCall(one.page, { caller: callerWithDevice(9), subject: own, description: 'Para restaurar.' });
  await openTicket(one.page, own);
  await pick(one.page, [large]);
  await expect(pane(one.page).getByText(/leyendo \d+ %/u)).toBeVisible();
  await note(one.page).fill('Adjunto el respaldo.');
  // Pressed while it is being read: saved once it is.
  await one.page.keyboard.press('Control+Enter');
  await expect(note(one.page)).toHaveValue('');
  await expect(fileCard(one.page, 'respaldo')).toHaveAttribute('data-file-state', 'sent');
  await expect(pill(one.page)).toHaveText('Al día');
  expect((await storedTicket(desk, own)).ticket.attachments).toEqual({ count: 1, bytes: 20_000_000, waiting: 0 });

  const { page } = two;
  await openTicket(page, own);
  const card = fileCard(page, 'respaldo');
  await expect(card).toHaveAttribute('data-file-state', 'download');
  const fetchIt = () => card.getByRole('button', { name: /^Descargar respaldo/u }).click();
  if (info.project.name === 'portable') {
    const { name, bytes } = await savedBytes(page, fetchIt);
    expect(name).toBe('respaldo.zip');
    expect(sha256(bytes)).toBe(sha256(large.buffer));
  } else await fetchIt();
  await expect(card).toHaveAttribute('data-file-state', 'here');
});

test('threats 12 13: a page and a drawing under a picture’s name are saved and never run', async ({ openConsole }) => {
  const own = 'Imágenes que no lo son';
  const { page } = await openConsole();
  await signIn(page, personOf({ team: 'Mesa de Servicio' }).user);
  await registerCall(page, { caller: callerWithDevice(11), subject: own, description: 'Llegaron por correo.' });
  await openTicket(page, own);
  const evil = 'http://evil.invalid/pixel.png';
  const script = `fetch('${evil}');window.open('${evil}');document.title='pwned'`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${script}"><image href="${evil}"/><script>${script}</script></svg>`;
  const html = `<!doctype html><meta http-equiv="refresh" content="0;url=${evil}"><img src="${evil}"><script>${script}</script>`;
  const files = [
    { name: 'firma.png', mimeType: 'image/png', buffer: Buffer.from(svg) },
    { name: 'sello.png', mimeType: 'image/png', buffer: Buffer.from(html) },
    { name: '../../plano\u202Egnp.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) },
  ];
  const requests: string[] = [];
  page.context().on('request', (request) => requests.push(request.url()));
  const watched = await watchPage(page);
  await pick(page, files);
  await expect(staged(pane(page))).toHaveCount(3);
  await note(page).fill('No abrir.');
  await page.keyboard.press('Control+Enter');
  await expect(timeline(page).locator('[data-file-state=sent]')).toHaveCount(3);
  await expect(timeline(page).getByRole('button', { name: /^Ver /u })).toHaveCount(0);
  await expect(timeline(page).locator('[data-attachment-id] img')).toHaveCount(0);
  for (const [index, shown] of [
    /^Guardar firma\.png/u,
    /^Guardar sello\.png/u,
    /^Guardar plano ?gnp\.svg/u,
  ].entries()) {
    const { name, bytes } = await savedBytes(page, () => timeline(page).getByRole('button', { name: shown }).click());
    expect(name).not.toMatch(/[\u202A-\u202E/\\]/u);
    expect(bytes.equals(files[index]?.buffer ?? Buffer.alloc(0))).toBe(true);
  }
  const console = new URL(page.url()).origin;
  expect(requests.filter((url) => !url.startsWith(console) && !url.startsWith(`blob:${console}`))).toEqual([]);
  expect(page.context().pages()).toHaveLength(1);
  expect(await page.title()).not.toBe('pwned');
  await watched.expectClean();
});
