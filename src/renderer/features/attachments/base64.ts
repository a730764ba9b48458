/** Methods that newer browsers have of their own. */
type WithBase64 = Uint8Array & { readonly toBase64?: () => string };
type FromBase64 = { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** More arguments than this break the call that spreads them. */
const CHUNK = 0x8000;

export function bytesToBase64(bytes: Uint8Array): string {
  const own = (bytes as WithBase64).toBase64;
  if (own !== undefined) return own.call(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** `base64` as the contract lets it through: padded, no blanks. */
export function base64ToBytes(base64: string): Uint8Array<ArrayBuffer> {
  const own = (Uint8Array as FromBase64).fromBase64;
  if (own !== undefined) return own.call(Uint8Array, base64);
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
