import { dialog, note, openTicket, pane, pill, registerCall } from './support/acts.ts';
import { callerWithDevice, personOf, storeCommand, storedTicket } from './support/desk.ts';
import { noisyPng, pick, savedBytes, sha256, staged } from './support/files.ts';
import { expect, signIn, test } from './support/fixtures.ts';
import { openLink } from './support/link.ts';

const subject = 'Laptop devuelta con la pantalla rota';
const photo = noisyPng('Pantalla rota.png', 640, 480);

test('35 SY16 a file that a revoked device handed in is put aside, and opened by a supervisor', async ({
  desk,
  openConsole,
}, info) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const link = await openLink(desk.url);
  const lost = await openConsole({ storeUrl: link.url });
  await signIn(lost.page, me.user);
  await registerCall(lost.page, { caller: callerWithDevice(8), subject, description: 'Se devuelve al almacén.' });
  await openTicket(lost.page, subject);
  await expect(pill(lost.page)).toHaveText('Al día');
  link.cut();
  await expect(pill(lost.page)).toContainText('Sin conexión desde');
  await pick(lost.page, [photo]);
  await expect(staged(pane(lost.page))).toHaveCount(1);
  await note(lost.page).press('Control+Enter');
  await expect(pill(lost.page)).toContainText('1 por enviar · 1 archivo');
  const [device] = await desk.query<{ id: string }>(
    'select id from devices where account_id = (select id from accounts where user_name = $1)',
    [me.user],
  );
  await storeCommand(desk, 'account', 'revoke-device', device?.id ?? '');
  link.heal();
  await expect(lost.page.getByRole('region', { name: 'Este equipo fue dado de baja' })).toContainText('entregó', {
    timeout: 60_000,
  });
  const { ticket } = await storedTicket(desk, subject);
  expect(ticket.parked.map(({ type }) => type)).toEqual(['addAttachment']);
  expect(ticket.attachments).toBeUndefined();

  const { page } = await openConsole();
  await signIn(page, personOf({ role: 'supervisor' }).user);
  await openTicket(page, subject);
  const aside = page.locator('[data-parked]');
  await expect(aside).toContainText('Un archivo quedó en espera');
  await expect(aside).toContainText(me.name);
  await test.step('looked at, with its own bytes', async () => {
    await aside.getByRole('button', { name: /^Ver Pantalla rota/u }).click();
    const box = dialog(page, 'Imagen adjunta');
    const picture = box.getByRole('img', { name: photo.name });
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))).toBe(640);
    if (info.project.name === 'portable') {
      const save = box.getByRole('button', { name: /^Guardar Pantalla rota/u });
      const { name, bytes } = await savedBytes(page, () => save.click());
      expect([name, sha256(bytes)]).toEqual([photo.name, sha256(photo.buffer)]);
    }
    await page.keyboard.press('Escape');
    await expect(box).toBeHidden();
  });
  await test.step('settled, it is gone', async () => {
    await aside.getByRole('button', { name: 'Dar por atendido' }).click();
    await expect(aside).toHaveCount(0);
    await expect(pill(page)).toHaveText('Al día');
    expect((await storedTicket(desk, subject)).ticket.parked).toEqual([]);
  });
  await link.close();
});
