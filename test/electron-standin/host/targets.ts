import type { CdpSession, Json } from './cdp.ts';
import { lifecycle } from './lifecycle.ts';
import { record } from './recorder.ts';

type TargetInfo = { targetId: string; type: string; url: string; openerId?: string };
export type Page = { readonly targetId: string; readonly cdp: CdpSession };
/** Asked about a page that nobody in main has made. `openerId` is missing for a middle click or ctrl-click. */
export type StrayPage = (target: TargetInfo) => boolean;

const strays: StrayPage[] = [];
const attached = new Map<string, CdpSession>();
const own = new Set<string>();
let creating: Promise<unknown> = Promise.resolve();
let watching: Promise<CdpSession> | undefined;

/** Registers who decides over pages that a page opened; each is paused before its first request until decided. */
export function onStrayPage(decide: StrayPage): () => void {
  strays.push(decide);
  return () => {
    strays.splice(strays.indexOf(decide), 1);
  };
}

function watch(): Promise<CdpSession> {
  watching ??= lifecycle.startBrowser().then(async ({ connection }) => {
    const { browser } = connection;
    browser.on('Target.attachedToTarget', (params: Json) => {
      const target = params['targetInfo'] as TargetInfo;
      const session = connection.session(String(params['sessionId']));
      attached.set(target.targetId, session);
      settleStray(browser, session, target).catch(() => {});
    });
    await browser.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [{ type: 'page', exclude: false }, { exclude: true }],
    });
    return browser;
  });
  return watching;
}

async function settleStray(browser: CdpSession, session: CdpSession, target: TargetInfo): Promise<void> {
  await creating.catch(() => {});
  if (own.has(target.targetId)) return;
  // The page that asked for it says so on its own session, perhaps a moment later.
  for (let turn = 0; turn < 30; turn += 1) {
    if (strays.some((decide) => decide(target))) {
      await browser.send('Target.closeTarget', { targetId: target.targetId });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  // A page that the test itself opened through Playwright.
  record('foreign-page', { url: target.url });
  await session.send('Runtime.runIfWaitingForDebugger');
}

/** Makes a page of main's own, paused no more and with an empty document. */
export async function createPage(width: number, height: number): Promise<Page> {
  const browser = await watch();
  const made = browser.send<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
    newWindow: true,
    width,
    height,
  });
  creating = Promise.all([creating.catch(() => {}), made.then(({ targetId }) => own.add(targetId))]);
  const { targetId } = await made;
  const cdp = attached.get(targetId);
  if (cdp === undefined) throw new Error('Chromium made a page and did not attach it');
  return { targetId, cdp };
}

export async function closePage(targetId: string): Promise<void> {
  const { connection } = await lifecycle.startBrowser();
  await connection.browser.send('Target.closeTarget', { targetId }).catch(() => {});
}
