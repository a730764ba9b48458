import { drawableTypes, safeFileName } from '../../domain/attachments.ts';

/** The types that a file may be served as, whatever its author's browser called it. None of them is a document that runs. */
const served = new Map<string, string>([
  ...drawableTypes.map((type): [string, string] => [type, type]),
  ['application/pdf', 'application/pdf'],
  ['application/zip', 'application/zip'],
  ['text/plain', 'text/plain; charset=utf-8'],
  ['video/mp4', 'video/mp4'],
  ['audio/mpeg', 'audio/mpeg'],
]);
const drawable: readonly string[] = drawableTypes;

/** RFC 8187: what stands for itself in an extended value. */
const extended = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** RFC 6266: a name in ASCII for old readers, and the name itself. No quote, backslash or control reaches the header. */
function disposition(kind: 'inline' | 'attachment', raw: string): string {
  const name = safeFileName(raw) || 'archivo';
  const ascii = name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\%;]/g, '_');
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${extended(name.toWellFormed())}`;
}

/** Headers under which the bytes of a file go out: saved, never opened, but for pictures; and never run. */
export function servedAs({ name, mediaType }: { readonly name: string; readonly mediaType: string }) {
  const type = served.get(mediaType.toLowerCase()) ?? 'application/octet-stream';
  return {
    'content-type': type,
    'content-disposition': disposition(drawable.includes(type) ? 'inline' : 'attachment', name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-store',
  };
}
