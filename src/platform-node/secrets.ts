import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretsPort } from '../core/ports/secrets.ts';

const ALGORITHM = 'aes-256-gcm';
const PREFIX = 'file-key-1:';

/**
 * Secrets sealed with a key in a file that only this user may read (0600). Honest about what that is: it keeps a copied
 * database from being a copied session; it does not keep out who can read the user's files. A host with a keychain gives
 * its own port.
 */
export function createFileKeySecrets(dataDir: string): SecretsPort {
  const path = join(dataDir, 'console', 'secret.key');
  function readKey(): Buffer | null {
    if (!existsSync(path)) return null;
    const key = readFileSync(path);
    return key.length === 32 ? key : null;
  }
  function makeKey(): Buffer {
    mkdirSync(join(dataDir, 'console'), { recursive: true, mode: 0o700 });
    const key = randomBytes(32);
    writeFileSync(path, key, { mode: 0o600 });
    return key;
  }
  return {
    async protect(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(ALGORITHM, readKey() ?? makeKey(), nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    async reveal(sealed) {
      const key = readKey();
      if (key === null || !sealed.startsWith(PREFIX)) return null;
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      if (bytes.length < 28) return null;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        // Sealed with another key, or altered: it opens no more.
        return null;
      }
    },
  };
}
