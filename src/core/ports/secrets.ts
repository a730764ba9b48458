/** Seals what must not lie on the disk as text. Asynchronous: the keychain answers in another process. */
export interface SecretsPort {
  protect(text: string): Promise<string>;
  /** Null when it cannot be opened any more (keychain gone, another machine): the person signs in again, nothing is re-keyed. */
  reveal(sealed: string): Promise<string | null>;
}
