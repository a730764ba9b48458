import type { SafeStorage } from 'electron';
import type { SecretsPort } from '../core/ports/secrets.ts';

/** Tells these values from those sealed with a key file. */
const PREFIX = 'keychain1:';

/**
 * Secrets in the system's keychain. Where there is none (a Linux desktop without a keyring), `fallback` seals new ones, and
 * says by its prefix that it did. What the keychain once sealed is never sealed anew behind its back: when it cannot be
 * opened the answer is null and the person signs in again (threat 29).
 */
export function createSecrets(
  storage: Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'>,
  fallback: SecretsPort,
): SecretsPort {
  return {
    async protect(text) {
      if (!storage.isEncryptionAvailable()) return fallback.protect(text);
      return PREFIX + storage.encryptString(text).toString('base64');
    },
    async reveal(sealed) {
      if (!sealed.startsWith(PREFIX)) return fallback.reveal(sealed);
      if (!storage.isEncryptionAvailable()) return null;
      try {
        return storage.decryptString(Buffer.from(sealed.slice(PREFIX.length), 'base64'));
      } catch {
        return null; // another keychain, or altered bytes
      }
    },
  };
}
