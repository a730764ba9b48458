import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GrowthRun, growthWorks, merged, missing, readKept, writeKept } from '../../bench/growth/kept.ts';

const run = (size: number, work: GrowthRun['work'], ms = 1): GrowthRun => ({
  size,
  work,
  figures: { ms },
  at: '2026-11-23T00:00:00.000Z',
  load: 0.5,
  machine: { cores: 2, node: 'v24' },
});

describe('what is kept of the growth bench', () => {
  it('holds one run of each work at each size: the newer one, in order of size and of works', () => {
    const kept = [run(1_000, 'away'), run(100, 'drain', 7), run(100, 'fill'), run(100, 'drain', 9)].reduce<GrowthRun[]>(
      merged,
      [],
    );
    expect(kept.map(({ size, work, figures }) => [size, work, figures['ms']])).toEqual([
      [100, 'fill', 1],
      [100, 'drain', 9],
      [1_000, 'away', 1],
    ]);
  });

  it('says what is still to be done at a size, in the order in which a desk serves it, whatever the order asked', () => {
    const kept = [run(100, 'queue'), run(1_000, 'fill')];
    expect(missing(kept, 100, ['away', 'queue', 'fill'])).toEqual(['fill', 'away']);
    expect(missing(kept, 1_000, growthWorks)).toEqual(growthWorks.filter((work) => work !== 'fill'));
    expect(missing(kept, 100, ['queue'])).toEqual([]);
  });

  it('is read as it was written, is nothing before the first run, and leaves no half file beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chasqui-growth-'));
    const path = join(folder, 'results', 'growth.json');
    expect(readKept(path)).toEqual([]);
    writeKept(path, [run(100, 'fill')]);
    writeKept(path, [run(100, 'fill'), run(100, 'killed')]);
    expect(readKept(path)).toEqual([run(100, 'fill'), run(100, 'killed')]);
    expect(readdirSync(join(folder, 'results'))).toEqual(['growth.json']);
  });
});
