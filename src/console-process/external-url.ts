const MAX_URL_LENGTH = 2081;
const PLAIN_ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*$/;
const MAIL_FIELDS = ['subject', 'body', 'cc'];

/**
 * The address that may leave for the person's browser or mail program, serialised anew from its parsed parts, or null.
 * http, https and mailto only: a protocol handler of the system is never reached by a link found in a ticket
 * (threats 18 and 19). No credentials, no control characters, no backslashes that one parser reads as a host and another as a
 * path, and of a mail only its addresses, subject, body and copy (never `attach`).
 */
export function externalUrl(text: string): string | null {
  if (text.length > MAX_URL_LENGTH || hasOddCharacter(text)) return null;
  if (!/^(https?:\/\/[^/]|mailto:)/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'mailto:') return mailUrl(url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.hostname === '' || url.username !== '' || url.password !== '') return null;
  return url.href;
}

/** Space, controls, backslash, quotes and angle brackets have no place in a serialised address. */
function hasOddCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0x20 || (code >= 0x7f && code <= 0x9f) || '\\"<>`|^'.includes(character)) return true;
  }
  return false;
}

function mailUrl(url: URL): string | null {
  const addresses = decode(url.pathname)?.split(',') ?? [];
  if (addresses.length === 0 || !addresses.every((address) => PLAIN_ADDRESS.test(address))) return null;
  const fields = [...url.searchParams]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => MAIL_FIELDS.includes(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const to = addresses.map((address) => encodeURIComponent(address).replaceAll('%40', '@')).join(',');
  return `mailto:${to}${fields.length > 0 ? `?${fields.join('&')}` : ''}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
