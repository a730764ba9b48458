import { hash } from 'node:crypto';
import { textDigest } from '../../test/support/console/text-digest.ts';

/** Two 32-bit halves of a 64-bit digest: XOR on numbers, no BigInt on the hot path. */
export interface Digest {
  readonly high: number;
  readonly low: number;
}
export const NO_DIGEST: Digest = { high: 0, low: 0 };
export const xor = (a: Digest, b: Digest): Digest => ({ high: a.high ^ b.high, low: a.low ^ b.low });
const half = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
export const digestHex = ({ high, low }: Digest): string => half(high) + half(low);

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

export function digestOf(text: string): Digest {
  const hex = textDigest(text);
  return { high: Number.parseInt(hex.slice(0, 8), 16) | 0, low: Number.parseInt(hex.slice(8, 16), 16) | 0 };
}

/** Values by their exact text, so that who receives a text of this desk need not parse it. */
export type Texts = Map<string, unknown>;

/** A row as the database keeps it: its exact text, made when first asked for, beside the value that it was made from. */
export class Doc<T> {
  readonly value: T;
  readonly #texts: Texts;
  #text: string | null = null;
  #digest: Digest | null = null;

  constructor(value: T, texts: Texts) {
    this.value = value;
    this.#texts = texts;
  }
  get text(): string {
    if (this.#text === null) {
      this.#text = JSON.stringify(this.value);
      this.#texts.set(this.#text, this.value);
    }
    return this.#text;
  }
  /** Of the text, 64 bits. */
  get digest(): Digest {
    this.#digest ??= digestOf(this.text);
    return this.#digest;
  }
}
