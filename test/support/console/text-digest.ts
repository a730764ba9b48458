import { hash } from 'node:crypto';

/** Digests of rows' texts, which go from one store to several consoles. */
const known = new Map<string, string>();
const KNOWN_AT_MOST = 1_000;

/** The first 64 bits of the SHA-256 of a row's exact text, in hex. */
export function textDigest(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const digest = hash('sha256', text, 'hex').slice(0, 16);
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(text, digest);
  return digest;
}
