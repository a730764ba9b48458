import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { isSealed, markOf } from '../../../src/store/epoch/seal.ts';

const desk = { epoch: v7(), sealKey: 'ab'.repeat(32) };
const mark = markOf(desk, { seq: 41, hash: '0f'.repeat(32) });

describe('seals', () => {
  it('SY14 a place is sealed by the key of its desk, over epoch, place and hash', () => {
    expect(mark.seal).toMatch(/^[0-9a-f]{64}$/);
    expect(isSealed(desk.sealKey, mark)).toBe(true);
  });

  it.each([
    ['epoch', { ...mark, epoch: v7() }],
    ['place', { ...mark, seq: 42 }],
    ['hash', { ...mark, hash: '1f'.repeat(32) }],
    ['seal', { ...mark, seal: '00'.repeat(32) }],
  ])('SY14 another %s breaks the seal', (_what, changed) => {
    expect(isSealed(desk.sealKey, changed)).toBe(false);
  });

  it('SY14 a seal of another desk is not ours', () => {
    expect(isSealed('cd'.repeat(32), mark)).toBe(false);
  });
});
