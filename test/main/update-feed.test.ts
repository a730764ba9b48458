import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { signedManifest, signedText, updateKey } from '../../src/main/update-signature.ts';
import { signManifest } from '../../tools/sign-update.ts';
import {
  createSigner,
  manifest,
  type Release,
  release,
  type Signer,
  sha512,
  signed,
  startUpdates,
  type UpdateRig,
} from './update-feed.ts';

const FEED = 'latest-linux.yml';
let mine: Signer;
let rig: UpdateRig;
beforeEach(async () => {
  mine = createSigner();
  rig = await startUpdates(mine.key);
});
afterEach(() => rig.close());

/** What came of one look at the feed: nothing is ready, and the program itself was asked for or not. */
async function looked(): Promise<{ readonly failed: string | null; readonly downloaded: boolean }> {
  const failed = await rig.source.check().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : 'no error'),
  );
  return { failed, downloaded: rig.asked.some((path) => path.endsWith('.AppImage')) };
}
const offered = (of: Release, feed: string) => rig.serve({ [FEED]: feed, [of.name]: of.bytes });

describe('threat 24 an update', () => {
  it('that is newer, whole and signed by the organisation is ready to be installed', async () => {
    const next = release('2.1.0');
    offered(next, signed(mine, next));
    expect(await looked()).toEqual({ failed: null, downloaded: true });
    expect(rig.ready).toEqual(['2.1.0']);
  });

  it.each(['1.9.9', '2.0.0'])('that is not newer, %s, is none, though it be signed', async (version) => {
    const old = release(version);
    offered(old, signed(mine, old));
    expect(await looked()).toEqual({ failed: null, downloaded: false });
    expect(rig.ready).toEqual([]);
  });

  it('of another key, or of none, is not even downloaded, and that is said', async () => {
    const next = release('2.1.0');
    for (const feed of [signed(createSigner(), next), manifest(next, null), manifest(next, 'AAAA')]) {
      offered(next, feed);
      expect(await looked()).toEqual({
        failed: 'version 2.1.0 of the feed is not signed by its organisation',
        downloaded: false,
      });
    }
    expect(rig.ready).toEqual([]);
  });

  it('whose manifest was changed under its signature is not downloaded', async () => {
    const next = release('2.1.0');
    const other = release('2.1.0');
    const whole = signed(mine, next);
    const changed = [
      // An older program under a newer number, another file, another name for it, a second file.
      whole.replace('version: 2.1.0', 'version: 9.0.0'),
      whole.replaceAll(sha512(next.bytes), sha512(other.bytes)),
      whole.replaceAll(next.name, 'Otro.AppImage'),
      whole.replace('path:', `  - url: Otro.AppImage\n    sha512: ${sha512(other.bytes)}\npath:`),
    ];
    for (const feed of changed) {
      expect(feed).not.toBe(whole);
      rig.serve({ [FEED]: feed, [next.name]: other.bytes, 'Otro.AppImage': other.bytes });
      const { failed, downloaded } = await looked();
      expect([failed, downloaded]).toEqual([expect.stringContaining('is not signed by its organisation'), false]);
    }
    expect(rig.ready).toEqual([]);
  });

  it('whose program is another than the one that was signed is thrown away', async () => {
    const next = release('2.1.0');
    const feed = signed(mine, next);
    const flipped = Buffer.from(next.bytes);
    flipped[20_000] = (flipped[20_000] ?? 0) ^ 1;
    for (const bytes of [flipped, release('2.1.0').bytes, next.bytes.subarray(0, 30_000), Buffer.alloc(0)]) {
      rig.serve({ [FEED]: feed, [next.name]: bytes });
      const { failed, downloaded } = await looked();
      expect([typeof failed, downloaded]).toEqual(['string', true]);
    }
    expect(rig.ready).toEqual([]);
    // What was thrown away does not stand in the way of the right one.
    offered(next, feed);
    expect(await looked()).toEqual({ failed: null, downloaded: true });
    expect(rig.ready).toEqual(['2.1.0']);
  });

  it('that is cut on its way fails, and the next look at the feed brings it', async () => {
    const next = release('2.1.0');
    const feed = signed(mine, next);
    for (const cutAt of [1, 25_000]) {
      rig.serve({ [FEED]: feed, [next.name]: { body: next.bytes, cutAt } });
      expect((await looked()).failed).not.toBeNull();
      expect(rig.ready).toEqual([]);
    }
    offered(next, feed);
    expect(await looked()).toEqual({ failed: null, downloaded: true });
    expect(rig.ready).toEqual(['2.1.0']);
  });

  it('of a manifest that is cut anywhere is never another update', async () => {
    const next = release('2.1.0');
    const feed = signed(mine, next);
    for (let length = 0; length < feed.length - 1; length += 7) {
      offered(next, feed.slice(0, length));
      expect([length, (await looked()).downloaded]).toEqual([length, false]);
    }
    rig.serve({ [FEED]: { body: feed, cutAt: 60 }, [next.name]: next.bytes });
    expect(await looked()).toMatchObject({ failed: expect.any(String), downloaded: false });
    rig.serve({});
    expect(await looked()).toMatchObject({ failed: expect.any(String), downloaded: false });
    expect(rig.ready).toEqual([]);
  });
});

describe('threat 24 the signature of a manifest', () => {
  it('stands for version and files alone, in their order, and for nothing else that reads like them', () => {
    const files = [
      { url: 'a.AppImage', sha512: sha512(Buffer.from('a')) },
      { url: 'b.deb', sha512: sha512(Buffer.from('b')) },
    ];
    const said = { version: '2.1.0', files };
    const signature = mine.sign(signedText(said));
    expect(signedManifest(mine.key, { ...said, signature, releaseNotes: 'x' })).toEqual(said);
    const others: unknown[] = [
      null,
      'text',
      { ...said },
      { ...said, signature: 5 },
      { ...said, signature, version: '2.1.0-beta' },
      { ...said, signature, version: '2.1.1' },
      { ...said, signature, files: files.toReversed() },
      { ...said, signature, files: files.slice(0, 1) },
      { ...said, signature, files: [] },
    ];
    for (const other of others) expect(signedManifest(mine.key, other)).toBeNull();
  });

  it('is put below a manifest by the tool, in place of an older one', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const next = release('2.1.0');
    const once = signManifest(manifest(next, null), pem);
    expect(signManifest(once, pem)).toBe(once);
    expect(once.startsWith(manifest(next, null))).toBe(true);
    expect(signedManifest(publicKey, parse(once))).toEqual({
      version: '2.1.0',
      files: [{ url: next.name, sha512: sha512(next.bytes) }],
    });
    expect(() => signManifest('version: 2.1.0\n', pem)).toThrow();
    expect(() => signManifest(manifest(release('2.1.0-beta.1'), null), pem)).toThrow();
  });

  it('is of an Ed25519 key, and of no other text', () => {
    const text = mine.key.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(updateKey(text)?.equals(mine.key)).toBe(true);
    for (const bad of ['', 'AAAA', 'https://x', text.slice(0, -8)]) expect(updateKey(bad)).toBeNull();
  });
});
