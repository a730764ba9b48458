import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Tells these values from those that a system keychain sealed. */
const PREFIX = 'file1:';

/**
 * Seals short texts with a key in a 0600 file beside them. It keeps a copied database from giving away a session; it does not
 * withstand whoever can read this person's files, which only disk encryption does.
 *
 * A lost or foreign key never damages what was sealed: `reveal` answers null and the person signs in again.
 */
export function createFileKeySecrets(keyPath: string) {
  return {
    async protect(text: string): Promise<string> {
      const key = (await readKey(keyPath)) ?? (await makeKey(keyPath));
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    async reveal(sealed: string): Promise<string | null> {
      const key = sealed.startsWith(PREFIX) ? await readKey(keyPath) : null;
      if (key === null) return null;
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      if (bytes.length < IV_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch {
        return null; // another key, or altered bytes
      }
    },
  };
}

async function readKey(path: string): Promise<Buffer | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return bytes?.length === KEY_BYTES ? bytes : null;
}

/** Of two processes that make a key at once, both use the one that was written first. */
async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const mine = await writeFile(path, key, { mode: 0o600, flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (mine) return key;
  const theirs = await readKey(path);
  if (theirs === null) throw new Error('the key file of this console is damaged');
  return theirs;
}
