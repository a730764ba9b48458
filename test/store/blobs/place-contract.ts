import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlobGone, type BlobStore, newObjectName } from '../../../src/store/blobs/blob-store.ts';
import { sha256Of } from './blob-rig.ts';

export interface Place {
  readonly store: BlobStore;
  close(): Promise<void>;
}

/** What every place for files does alike. */
export function describePlace(what: string, make: () => Promise<Place>): void {
  describe(`${what}: a place for files`, () => {
    let place: Place;
    let store: BlobStore;
    beforeAll(async () => {
      place = await make();
      store = place.store;
    });
    afterAll(() => place.close());

    const source = (bytes: Buffer, chunk = 65_536) =>
      async function* () {
        for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
      };
    const put = async (bytes: Buffer) => {
      const name = newObjectName();
      const about = { size: bytes.length, sha256: sha256Of(bytes) };
      expect(await store.put(name, source(bytes), about)).toEqual({ ok: true, value: null });
      return name;
    };
    const bytesOf = async (name: string, range?: { start: number; end: number }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.read(name, range)) chunks.push(chunk);
      return Buffer.concat(chunks);
    };

    it('gives back what it was given, whole and by range', async () => {
      for (const size of [1, 65_536, 3_000_001]) {
        const bytes = randomBytes(size);
        const name = await put(bytes);
        expect(await store.sizeOf(name)).toBe(size);
        expect((await bytesOf(name)).equals(bytes)).toBe(true);
        const [start, end] = [Math.floor(size / 3), size - 1];
        expect((await bytesOf(name, { start, end })).equals(bytes.subarray(start))).toBe(true);
        expect((await bytesOf(name, { start: 0, end: 0 })).equals(bytes.subarray(0, 1))).toBe(true);
      }
    });

    it('says that there is none: no size, nothing to read, and deleting it is no fault', async () => {
      const name = newObjectName();
      expect(await store.sizeOf(name)).toBeNull();
      await expect(bytesOf(name)).rejects.toThrow(BlobGone);
      await store.delete(name);
      const known = await put(randomBytes(10));
      await store.delete(known);
      await store.delete(known);
      expect(await store.sizeOf(known)).toBeNull();
    });

    it('an object whose source breaks does not come to be', async () => {
      const name = newObjectName();
      const broken = async function* () {
        yield randomBytes(70_000);
        throw new Error('the source broke');
      };
      await expect(store.put(name, broken, { size: 100_000, sha256: sha256Of(Buffer.alloc(1)) })).rejects.toThrow(
        'the source broke',
      );
      expect(await store.sizeOf(name)).toBeNull();
    });

    it('lists every object with size and time, and nothing else', async () => {
      const wanted = new Map<string, number>();
      for (const size of [3, 5, 7, 11, 13]) wanted.set(await put(randomBytes(size)), size);
      const found = new Map<string, number>();
      for await (const { name, size, changedAt } of store.list()) {
        expect(Math.abs(changedAt - Date.now())).toBeLessThan(60_000);
        if (wanted.has(name)) found.set(name, size);
      }
      expect(found).toEqual(new Map([...wanted].sort(([a], [b]) => (a < b ? -1 : 1))));
    });

    it('keeps many at once apart', async () => {
      const all = Array.from({ length: 20 }, () => randomBytes(50_000));
      const names = await Promise.all(all.map(put));
      const read = await Promise.all(names.map((name) => bytesOf(name)));
      for (const [at, bytes] of read.entries()) expect(bytes.equals(all[at] as Buffer)).toBe(true);
    });
  });
}
