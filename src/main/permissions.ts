import type { Session } from 'electron';
import { PAGE_ORIGIN } from './scheme.ts';

/** All that the page may ever be granted: to copy a ticket's number or a refused note. */
const GRANTED = new Set(['clipboard-sanitized-write']);

export const isGranted = (permission: string, origin: string, isMainFrame: boolean): boolean =>
  GRANTED.has(permission) && isMainFrame && (origin === PAGE_ORIGIN || origin === `${PAGE_ORIGIN}/`);

/** Denies every permission, device and download but the fixed set above. */
export function restrictSession(session: Session): void {
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isGranted(permission, origin, details.isMainFrame),
  );
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isGranted(permission, originOf(details.requestingUrl), details.isMainFrame)),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.on('will-download', (event) => event.preventDefault());
}

/** Scheme and host, as our own scheme has no origin for the URL parser. */
const originOf = (url: string) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
