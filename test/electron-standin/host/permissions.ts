import type { CdpSession } from './cdp.ts';
import { record } from './recorder.ts';
import { fromBrowserUrl, originOf, toBrowserUrl } from './scheme-map.ts';
import type { Session } from './session.ts';
import type { WebContents } from './web-contents.ts';

/** Chromium's name of a permission and Electron's. */
const names: readonly (readonly [chromium: string, electron: string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['camera', 'media'],
  ['microphone', 'media'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-write', 'clipboard-sanitized-write'],
  ['display-capture', 'display-capture'],
  ['idle-detection', 'idle-detection'],
  ['local-fonts', 'local-fonts'],
  ['window-management', 'window-management'],
  ['storage-access', 'storage-access'],
  ['pointer-lock', 'pointerLock'],
  ['keyboard-lock', 'keyboardLock'],
];

/**
 * Asks the app's handlers about every permission of an origin and makes Chromium hold to the answers. Electron asks when
 * a page asks; the protocol has no such moment, so the answers are fetched when an origin is first shown.
 */
export async function enforcePermissions(
  browser: CdpSession,
  session: Session,
  contents: WebContents,
  url: string,
): Promise<void> {
  const origin = originOf(fromBrowserUrl(url));
  if (origin === 'null') return;
  const shown = new URL(toBrowserUrl(`${origin}/`)).origin;
  const decided = new Map<string, boolean>();
  const enforced: Promise<unknown>[] = [];
  for (const [chromium, electron] of names) {
    const granted = decided.get(electron) ?? (await session.decidePermission(contents, electron, origin));
    decided.set(electron, granted);
    const asked = { permission: { name: chromium }, setting: granted ? 'granted' : 'denied', origin: shown };
    enforced.push(
      browser.send('Browser.setPermission', asked).catch((error: unknown) => {
        record('permission-not-enforced', { permission: chromium, error });
      }),
    );
  }
  await Promise.all(enforced);
  record('permissions', { origin, decided: Object.fromEntries(decided) });
}
