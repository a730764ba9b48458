import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import { strict } from './unimplemented.ts';

/** The keyring of the stand-in's desktop: a key in a file that says what it is. It protects nothing. */
let available = true;
const marker = 'electron-standin keyring, protects nothing';
const prefix = Buffer.from('v11');

export function setKeyringAvailable(there: boolean): void {
  available = there;
}

function key(): Buffer {
  const file = join(app.getPath('userData'), 'electron-standin', 'keyring.json');
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { key: string };
    return Buffer.from(kept.key, 'base64');
  }
  const made = randomBytes(32);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify({ marker, key: made.toString('base64') }), { mode: 0o600 });
  return made;
}

function encrypt(text: string): Buffer {
  if (!available)
    throw new Error(
      'Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.',
    );
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key(), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([prefix, iv, cipher.getAuthTag(), body]);
}

function decrypt(sealed: Buffer): string {
  if (!available)
    throw new Error(
      'Error while decrypting the ciphertext provided to safeStorage.decryptString. Decryption is not available.',
    );
  if (!sealed.subarray(0, 3).equals(prefix)) {
    throw new Error(
      'Error while decrypting the ciphertext provided to safeStorage.decryptString. Ciphertext does not appear to be encrypted.',
    );
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(3, 15));
    decipher.setAuthTag(sealed.subarray(15, 31));
    return Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
  }
}

export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: (): boolean => lifecycle.ready && available,
  isAsyncEncryptionAvailable: async (): Promise<boolean> => {
    await app.whenReady();
    return available;
  },
  getSelectedStorageBackend: (): string => (lifecycle.ready ? 'gnome_libsecret' : 'unknown'),
  setUsePlainTextEncryption: (): void => {},
  encryptString: encrypt,
  decryptString: decrypt,
  encryptStringAsync: async (text: string): Promise<Buffer> => encrypt(text),
  decryptStringAsync: async (sealed: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> => ({
    shouldReEncrypt: false,
    result: decrypt(sealed),
  }),
});
