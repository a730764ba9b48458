import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, type StagedFile } from '../../../src/protocol/console/attachment-methods.ts';
import type { ConsoleClient, ConsoleErrorCode, News } from '../../../src/protocol/console/client.ts';
import { createStaging, type StagedItem } from '../../../src/renderer/features/attachments/staging.ts';
import { err, ok } from '../../../src/shared/result.ts';
import { id } from '../ticket/make-entry.ts';

const KEY = 'ticket:internal:1';

/** A core that keeps what it is given. `fault` is asked before each call and may answer in its stead. */
function rig(fault: (method: string, params: Record<string, unknown>) => ConsoleErrorCode | null = () => null) {
  const kept = new Map<string, { file: StagedFile; bytes: Buffer }>();
  const calls: string[] = [];
  const listeners = new Set<(news: News) => void>();
  let count = 0;
  const answer = (method: string, params: Record<string, unknown>): unknown => {
    const attachmentId = String(params['attachmentId']);
    const held = kept.get(attachmentId);
    switch (method) {
      case 'attachments.begin': {
        const { draftKey, name, mediaType, size } = params as unknown as StagedFile;
        if (name.endsWith('.exe')) return { ok: false, refusal: { code: 'attachmentType', params: { ending: 'exe' } } };
        count += 1;
        const file = {
          attachmentId: id(count),
          draftKey,
          name,
          mediaType,
          size,
          received: 0,
          sha256: null,
          thumbnail: null,
        };
        kept.set(file.attachmentId, { file, bytes: Buffer.alloc(0) });
        return { ok: true, file };
      }
      case 'attachments.append': {
        if (held === undefined) return { received: 0 };
        if (params['offset'] === held.bytes.length)
          held.bytes = Buffer.concat([held.bytes, Buffer.from(String(params['base64']), 'base64')]);
        return { received: held.bytes.length };
      }
      case 'attachments.finish': {
        if (held === undefined) return { ok: false, refusal: { code: 'attachmentMissing', params: {} } };
        held.file = { ...held.file, received: held.bytes.length, sha256: 'ab'.repeat(32) };
        return { ok: true, file: held.file };
      }
      case 'attachments.discard':
        kept.delete(attachmentId);
        return {};
      default:
        return { files: [...kept.values()].map(({ file, bytes }) => ({ ...file, received: bytes.length })) };
    }
  };
  const client = {
    async call(method: string, params: Record<string, unknown>) {
      calls.push(method.replace('attachments.', ''));
      const code = fault(method, params);
      return code === null ? ok(answer(method, params)) : err({ code, params: {} });
    },
    subscribe(listener: (news: News) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {},
  } as unknown as ConsoleClient;
  let keys = 0;
  const staging = createStaging({
    client,
    thumbnailOf: async () => null,
    wait: async () => {},
    newKey: () => {
      keys += 1;
      return `key-${keys}`;
    },
  });
  const settled = async (): Promise<readonly StagedItem[]> => {
    await staging.whenRead(KEY);
    return staging.items(KEY);
  };
  return { staging, settled, kept, calls };
}
const file = (name: string, bytes: number) =>
  new File([Uint8Array.from({ length: bytes }, (_, n) => (n * 31) & 255)], name, { type: 'image/png' });

describe('files beside a text', () => {
  it('are read in pieces and in order, and are whole when the core says so', async () => {
    const { staging, settled, kept, calls } = rig();
    staging.add(KEY, null, [file('a.png', PIECE_BYTES * 2 + 7), file('b.png', 5)]);
    const items = await settled();
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['a.png', 'ready'],
      ['b.png', 'ready'],
    ]);
    expect(calls).toEqual(['begin', 'append', 'append', 'append', 'finish', 'begin', 'append', 'finish']);
    const [first] = kept.values();
    expect(first?.bytes).toHaveLength(PIECE_BYTES * 2 + 7);
    expect(first?.bytes.every((byte, n) => byte === ((n * 31) & 255))).toBe(true);
  });

  it('refused: before a byte is read, with the reason at the file; the others go on', async () => {
    const { staging, settled, calls } = rig();
    staging.add(KEY, null, [file('x.exe', 10), file('b.png', 5)], ['Carpeta']);
    const items = await settled();
    expect(items.map(({ name, state, problem }) => [name, state, problem?.kind])).toEqual([
      ['Carpeta', 'refused', 'folder'],
      ['x.exe', 'refused', 'refusal'],
      ['b.png', 'ready', undefined],
    ]);
    expect(calls.filter((name) => name === 'append')).toHaveLength(1);
  });

  it('a line that breaks in the middle is waited for, and an answer that was lost doubles nothing', async () => {
    let broken = 0;
    const { staging, settled, kept } = rig((method, params) => {
      if (method !== 'attachments.append' || params['offset'] === 0 || broken >= 3) return null;
      broken += 1;
      return 'hostGone';
    });
    staging.add(KEY, null, [file('a.png', PIECE_BYTES + 100)]);
    expect((await settled())[0]?.state).toBe('ready');
    expect([...kept.values()][0]?.bytes).toHaveLength(PIECE_BYTES + 100);
  });

  it('a full disk is said at the file, and it can be read again', async () => {
    let full = true;
    const { staging, settled, kept } = rig((method) => (method === 'attachments.append' && full ? 'diskFull' : null));
    staging.add(KEY, null, [file('a.png', 10)]);
    const [failed] = await settled();
    expect(failed).toMatchObject({ state: 'failed', problem: { kind: 'error', code: 'diskFull' } });
    full = false;
    staging.retry(KEY, failed?.key ?? '');
    expect((await settled())[0]?.state).toBe('ready');
    expect(kept.size).toBe(1);
  });

  it('taken out while it is read: nothing of it stays at the core', async () => {
    const { staging, settled, kept } = rig();
    staging.add(KEY, null, [file('a.png', PIECE_BYTES * 3), file('b.png', 5)]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    staging.remove(KEY, staging.items(KEY)[0]?.key ?? '');
    const items = await settled();
    expect(items.map(({ name }) => name)).toEqual(['b.png']);
    expect([...kept.values()].map((held) => held.file.name)).toEqual(['b.png']);
  });

  it('come back after a reload; one that was half-read says so, and is replaced when it is given again', async () => {
    const { staging, kept } = rig();
    const half = { draftKey: KEY, mediaType: 'image/png', received: 3, thumbnail: null };
    kept.set(id(91), {
      file: { ...half, attachmentId: id(91), name: 'a.png', size: 9, sha256: null },
      bytes: Buffer.from([1, 2, 3]),
    });
    kept.set(id(92), {
      file: { ...half, attachmentId: id(92), name: 'b.png', size: 3, sha256: 'cd'.repeat(32) },
      bytes: Buffer.from([1, 2, 3]),
    });
    const stop = staging.listen(KEY, () => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(staging.items(KEY).map(({ name, state }) => [name, state])).toEqual([
      ['a.png', 'halfway'],
      ['b.png', 'ready'],
    ]);
    staging.add(KEY, null, [file('a.png', 9)]);
    await staging.whenRead(KEY);
    expect(staging.items(KEY).map(({ name, state }) => [name, state])).toEqual([
      ['b.png', 'ready'],
      ['a.png', 'ready'],
    ]);
    expect(kept.has(id(91))).toBe(false);
    stop();
  });

  it('more than an act can name are refused, and what an act took leaves the text', async () => {
    const { staging, settled } = rig();
    staging.add(
      KEY,
      null,
      Array.from({ length: 21 }, (_, n) => file(`${n}.png`, 1)),
    );
    const items = await settled();
    expect(items.filter(({ state }) => state === 'ready')).toHaveLength(20);
    expect(items.at(-1)?.problem?.kind).toBe('tooMany');
    staging.used(KEY, items.flatMap((item) => item.file?.attachmentId ?? []).slice(0, 19));
    expect(staging.items(KEY)).toHaveLength(1);
  });
});
