import { notImplemented } from './unimplemented.ts';

/**
 * A scheme of the app's own is shown to Chromium as an https origin that no name server knows, and every request to it is
 * answered from main. Main itself only ever sees the URL with its true scheme.
 */
const suffix = '.electron-standin.invalid';
const schemes = new Set<string>();

export function addScheme(scheme: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(scheme)) notImplemented(`the scheme ${scheme}`);
  schemes.add(scheme);
}

export function isOwnScheme(scheme: string): boolean {
  return schemes.has(scheme);
}

/** `app://bundle/index.html` → `https://bundle.app.electron-standin.invalid/index.html`; other URLs stay. */
export function toBrowserUrl(url: string): string {
  const match = /^([a-z][a-z0-9-]*):\/\/([^/?#]*)(.*)$/is.exec(url);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  if (match === null || !schemes.has(scheme)) return url;
  const host = (match[2] ?? '').toLowerCase();
  if (!/^[a-z0-9.-]+$/.test(host)) return notImplemented(`the host ${JSON.stringify(host)} of ${scheme}://`);
  return `https://${host}.${scheme}${suffix}${match[3] === '' ? '/' : match[3]}`;
}

/** The inverse; a URL of another origin stays as it is. What a page made itself is named by its origin: `blob:app://bundle/…`. */
export function fromBrowserUrl(url: string): string {
  if (url.startsWith('blob:')) return `blob:${fromBrowserUrl(url.slice('blob:'.length))}`;
  const match = /^https:\/\/([^/?#]+)(.*)$/s.exec(url);
  const host = match?.[1];
  if (match === null || host === undefined || !host.endsWith(suffix)) return url;
  const name = host.slice(0, -suffix.length);
  const dot = name.lastIndexOf('.');
  return `${name.slice(dot + 1)}://${name.slice(0, dot)}${match[2]}`;
}

/** The origin of a URL as Electron tells it: that of a standard scheme of our own is scheme and host. */
export function originOf(url: string): string {
  const match = /^([a-z][a-z0-9-]*):\/\/([^/?#]*)/i.exec(url);
  if (match !== null && schemes.has(String(match[1]).toLowerCase())) return `${match[1]}://${match[2]}`;
  try {
    return new URL(url).origin;
  } catch {
    return 'null';
  }
}

/** Scheme sources in a policy (`app:`, `app://bundle`) name the https origins that stand for them. */
export function mapPolicy(policy: string): string {
  return policy.replaceAll(
    /(?<=[\s;]|^)([a-z][a-z0-9-]*):(\/\/[^\s;]+)?(?=[\s;]|$)/g,
    (source, scheme: string, rest?: string) => {
      if (!schemes.has(scheme)) return source;
      return rest === undefined ? `https://*.${scheme}${suffix}` : toBrowserUrl(source).replace(/\/$/, '');
    },
  );
}
