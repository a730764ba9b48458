import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSecrets } from '../../src/main/secrets.ts';
import { createFileKeySecrets } from '../../src/platform-node/file-key-secrets.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'chasqui-secrets-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A keychain whose own key changes when it is replaced. */
function keychain() {
  const state = { available: true, key: 'a' };
  return {
    state,
    isEncryptionAvailable: () => state.available,
    encryptString: (text: string) => Buffer.from(`${state.key}:${Buffer.from(text).toString('hex')}`),
    decryptString(bytes: Buffer) {
      const [key, hex] = bytes.toString().split(':');
      if (key !== state.key) throw new Error('Error while decrypting the ciphertext');
      return Buffer.from(hex ?? '', 'hex').toString();
    },
  };
}

describe('threat 29: secrets', () => {
  test('live in the keychain where there is one', async () => {
    const secrets = createSecrets(keychain(), createFileKeySecrets(join(dir, 'key')));
    const sealed = await secrets.protect('señal 🔑');
    expect(sealed).not.toContain('señal');
    expect(await secrets.reveal(sealed)).toBe('señal 🔑');
    await expect(stat(join(dir, 'key'))).rejects.toThrow();
  });

  test('a keychain that is gone, or is another, opens nothing and re-keys nothing', async () => {
    const chain = keychain();
    const secrets = createSecrets(chain, createFileKeySecrets(join(dir, 'key')));
    const sealed = await secrets.protect('token');
    chain.state.available = false;
    expect(await secrets.reveal(sealed)).toBeNull();
    chain.state.available = true;
    chain.state.key = 'b';
    expect(await secrets.reveal(sealed)).toBeNull();
    chain.state.key = 'a';
    expect(await secrets.reveal(sealed)).toBe('token');
    await expect(stat(join(dir, 'key'))).rejects.toThrow();
  });

  test('without a keychain a 0600 key file seals them, and says so by its prefix', async () => {
    const chain = keychain();
    chain.state.available = false;
    const secrets = createSecrets(chain, createFileKeySecrets(join(dir, 'key')));
    const sealed = await secrets.protect('token');
    expect(sealed).toMatch(/^file1:/);
    expect((await stat(join(dir, 'key'))).mode & 0o777).toBe(0o600);
    chain.state.available = true;
    expect(await secrets.reveal(sealed)).toBe('token');
  });

  test('a key file that is lost, another or damaged opens nothing', async () => {
    const path = join(dir, 'key');
    const sealed = await createFileKeySecrets(path).protect('token');
    const key = await readFile(path);
    await rm(path);
    expect(await createFileKeySecrets(path).reveal(sealed)).toBeNull();
    await writeFile(path, Buffer.alloc(32, 1));
    expect(await createFileKeySecrets(path).reveal(sealed)).toBeNull();
    await writeFile(path, key.subarray(0, 8));
    expect(await createFileKeySecrets(path).reveal(sealed)).toBeNull();
    await expect(createFileKeySecrets(path).protect('new')).rejects.toThrow('damaged');
    await writeFile(path, key);
    expect(await createFileKeySecrets(path).reveal(sealed)).toBe('token');
    for (const odd of ['', 'file1:', 'file1:AAAA', 'token', `${sealed.slice(0, -4)}AAAA`]) {
      expect(await createFileKeySecrets(path).reveal(odd), odd).toBeNull();
    }
  });

  test('two processes that make the key at once share one', async () => {
    const path = join(dir, 'key');
    const sealed = await Promise.all(
      Array.from({ length: 8 }, () =>
        createFileKeySecrets(path)
          .protect('token')
          .catch(() => null),
      ),
    );
    for (const text of sealed.filter((each) => each !== null))
      expect(await createFileKeySecrets(path).reveal(text)).toBe('token');
  });
});
