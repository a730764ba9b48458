/** Synchronous on purpose: the outbox links its chain inside one synchronous write. */
export interface HasherPort {
  /** SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits. */
  sha256Hex(text: string): string;
}
