import type { Page } from '@playwright/test';
import { z } from 'zod';
import { CONSOLE_CONTRACT_VERSION } from '../src/protocol/versions.ts';
import type { Standin } from '../test/electron-standin/launch.ts';
import { dialog, escalate, pane, pill, press, registerCall, timeline } from './support/acts.ts';
import { callerWithDevice, personOf, storedTicket, storedTickets } from './support/desk.ts';
import { desktopOf, electronChoice } from './support/electron-console.ts';
import { expect, signIn, test } from './support/fixtures.ts';

// What only a desktop has. Asserted on the stand-in's record of what main did; a real Electron keeps none.
test.beforeEach(({ browserName: _ }, info) => {
  test.skip(info.project.name !== 'electron', 'tray, notifications and links belong to the desktop host');
  test.skip(electronChoice.kind === 'real', 'the record of the desktop is the stand-in’s');
});

const waiting = 'Proyector sin señal en sala 2';
const other = 'Teclado con teclas pegadas';

test('closing the window leaves tray and queue at work; a second start and a link bring exactly that ticket', async ({
  desk,
  openConsole,
}) => {
  const me = personOf({ team: 'Mesa de Servicio' });
  const console = await openConsole();
  const { page } = console;
  const app = desktopOf(console).app();
  expect(app.records('BrowserWindow')).toHaveLength(1);
  expect(app.records('BrowserWindow')[0]?.data['options']).toMatchObject({
    show: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    },
  });
  await signIn(page, me.user);
  await registerCall(page, {
    caller: callerWithDevice(9),
    subject: other,
    description: 'La A y la S, desde ayer.',
  });
  await expect(pill(page)).toHaveText('Al día');

  await test.step('the tray counts what waits; the closed window goes on sending', async () => {
    await desk.stop('kill');
    await registerCall(page, {
      caller: callerWithDevice(10),
      subject: waiting,
      description: 'Antes de la reunión.',
    });
    await app.waitForRecord('tray.setToolTip', ({ data }) => data['text'] === 'Chasqui: 1 por enviar');
    await app.waitForRecord('app.setBadgeCount', ({ data }) => data['count'] === 1);
    await app.call({ type: 'window-close' });
    await app.waitForRecord('window.hide');
    await desk.start();
    await app.call({ type: 'menu-click', menu: 'tray', item: 'retry' });
    await expect.poll(async () => (await storedTickets(desk, waiting)).length, { timeout: 60_000 }).toBe(1);
    await expect.poll(() => app.records('tray.setToolTip').at(-1)?.data['text']).toBe('Chasqui: todo enviado');
  });
  const [first, second] = await Promise.all([storedTicket(desk, waiting), storedTicket(desk, other)]);

  await test.step('a second start ends itself and opens its ticket in the first', async () => {
    const shown = app.records('window.show').length;
    const started = await desktopOf(console).secondStart('--', `chasqui://ticket/${second.ticket.id}`);
    expect([started.code, started.orphans]).toEqual([0, 0]);
    await expect.poll(() => app.records('window.show').length).toBeGreaterThan(shown);
    await expect(pane(page)).toHaveAttribute('data-ticket-id', second.ticket.id);
    await expect(pane(page)).toContainText(other);
    await app.call({ type: 'open-url', url: `chasqui://ticket/${first.ticket.id}` });
    await expect(pane(page)).toHaveAttribute('data-ticket-id', first.ticket.id);
    await app.call({ type: 'open-url', url: `chasqui://ticket/${second.ticket.id}?x=1` });
    await app.call({ type: 'open-url', url: 'chasqui://sign-out' });
    await expect(pane(page)).toHaveAttribute('data-ticket-id', first.ticket.id);
  });

  await test.step('threat 22: every channel is deaf to frames that are not the page', async () => {
    const channels = channelsSchema.parse(await app.call({ type: 'ipc-channels' }));
    expect(channels.global.handle).toEqual([]);
    expect(channels.global.on).not.toEqual([]);
    const refused = () => app.output().split('refused a message').length;
    const before = refused();
    let sent = 0;
    for (const channel of channels.global.on) {
      for (const frame of spoofed) {
        await app.call({ type: 'ipc-send', channel, args: [{ method: 'acts.submit' }], frame });
        sent += 1;
      }
    }
    await expect.poll(refused).toBe(before + sent);
  });

  await test.step('threats 18 19: only http, https and mailto leave, and only when asked for', async () => {
    expect(app.records('shell.openExternal')).toEqual([]);
    const call = await ownLine(page);
    await expect(pill(page)).toHaveText('Al día', { timeout: 90_000 });
    for (const url of hostile) expect(await call(url), url).not.toMatchObject({ result: { opened: true } });
    for (const url of ['https://www.gob.pe/mtpe', 'http://intranet.example.pe/', 'mailto:mesa@example.pe'])
      expect(await call(url), url).toMatchObject({ ok: true, result: { opened: true } });
    expect(app.records('shell.openExternal').map(({ data }) => data['url'])).toEqual([
      'https://www.gob.pe/mtpe',
      'http://intranet.example.pe/',
      'mailto:mesa@example.pe',
    ]);
  });

  nothingMissing(app);
  // A crash of main alone takes everything of it along.
  const exit = await app.crash();
  expect(exit.orphans).toBe(0);
});

test('R14 an escalation and an assignment are announced, and the announcement opens its ticket', async ({
  openConsole,
}) => {
  const [first, second] = [personOf({ team: 'Mesa de Servicio' }), personOf({ team: 'Servidores y redes' })];
  const [one, two] = await Promise.all([openConsole(), openConsole()]);
  await Promise.all([signIn(one.page, first.user), signIn(two.page, second.user)]);
  const subject = 'VPN corta cada diez minutos';
  await registerCall(one.page, { caller: callerWithDevice(11), subject, description: 'Solo desde su casa.' });
  await press(one.page, 'Tomar');
  await escalate(one.page, {
    team: 'Servidores y redes',
    tried: 'Otro proveedor',
    found: 'El túnel renegocia',
    pending: 'Ver el concentrador',
  });
  const told = await desktopOf(two).app().waitForRecord('notification');
  expect(told.data).toMatchObject({
    title: 'Ticket escalado: por aceptar',
    body: expect.stringMatching(new RegExp(`^MDS-\\d{4}-\\d{6} · ${subject}$`, 'u')),
  });
  await desktopOf(two).app().call({ type: 'window-close' });
  await desktopOf(two).app().call({ type: 'notification-event', event: 'click' });
  await expect(pane(two.page)).toContainText(subject);

  await press(two.page, 'Devolver');
  const form = dialog(two.page, /^Devolver /u);
  await form.getByLabel('Motivo').fill('Es de la red de su casa');
  await two.page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
  await desktopOf(one)
    .app()
    .waitForRecord('notification', ({ data }) => data['title'] === 'Ticket asignado a usted');
  await expect(timeline(one.page)).toContainText('Es de la red de su casa');
  nothingMissing(desktopOf(one).app());
  nothingMissing(desktopOf(two).app());
});

const channelsSchema = z.object({ global: z.object({ handle: z.array(z.string()), on: z.array(z.string()) }) });
const spoofed = [
  { url: 'chasqui-app://console/', isMainFrame: false },
  { url: 'about:blank', isMainFrame: true },
  { url: 'https://evil.invalid/', isMainFrame: true },
  { url: 'chasqui-app://console.evil/', isMainFrame: true },
  { url: 'file:///etc/passwd', isMainFrame: true },
];
const hostile = [
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ms-msdt:/id PCWDiagnostic',
  'smb://evil.invalid/share',
  'chasqui://ticket/1',
  'https://user:secret@evil.invalid/',
  'mailto:mesa@example.pe?attach=/etc/passwd\u0000',
  '\\\\evil.invalid\\share',
];

function nothingMissing(app: Standin): void {
  expect(app.records('not-implemented')).toEqual([]);
  expect(app.records('page-error')).toEqual([]);
  expect(app.records('page-log').filter(({ data }) => data['source'] === 'security')).toEqual([]);
}

/** The page's own port, taken while the page loads again: what a script in the page could ask of main. */
async function ownLine(page: Page): Promise<(url: string) => Promise<unknown>> {
  await page.addInitScript(() => {
    window.addEventListener('message', (event) => {
      if (event.ports[0] !== undefined) Reflect.set(window, 'e2ePort', event.ports[0]);
    });
  });
  await page.reload();
  await page.waitForFunction(() => Reflect.has(window, 'e2ePort'));
  let id = 1_000_000;
  return (url) => {
    id += 1;
    return page.evaluate(
      ([number, address, version]) =>
        new Promise((resolve) => {
          const port: MessagePort = Reflect.get(window, 'e2ePort');
          port.addEventListener('message', (event) => {
            if (event.data?.id === number) resolve(event.data);
          });
          port.postMessage({ v: version, id: number, method: 'host.openExternal', params: { url: address } });
        }),
      [id, url, CONSOLE_CONTRACT_VERSION] as const,
    );
  };
}
