import type { Session } from 'electron';
import { PAGE_ORIGIN } from './scheme.ts';

/** All that the page may ever be granted, beside the camera: to copy a ticket's number or a refused note. */
const GRANTED = new Set(['clipboard-sanitized-write']);

/** `media`: what of the computer is asked for. The camera alone, to photograph for a ticket; never the microphone. */
export function isGranted(
  permission: string,
  origin: string,
  isMainFrame: boolean,
  media: readonly string[] = [],
): boolean {
  const ours = isMainFrame && (origin === PAGE_ORIGIN || origin === `${PAGE_ORIGIN}/`);
  const camera = permission === 'media' && media.length > 0 && media.every((kind) => kind === 'video');
  return ours && (camera || GRANTED.has(permission));
}

/** A file that the page itself made of an attachment's bytes, on its way to a place that the person chooses. */
const maySave = (url: string): boolean => url.startsWith(`blob:${PAGE_ORIGIN}/`);

/** Denies every permission, device and download but the fixed set above. */
export function restrictSession(session: Session): void {
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isGranted(permission, origin, details.isMainFrame, details.mediaType === undefined ? [] : [details.mediaType]),
  );
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(isGranted(permission, originOf(details.requestingUrl), details.isMainFrame, media));
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.on('will-download', (event, item) => {
    if (!maySave(item.getURL())) event.preventDefault();
  });
}

/** Scheme and host, as our own scheme has no origin for the URL parser. */
const originOf = (url: string) => /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
