import { describe, expect, it } from 'vitest';
import { liveFigures, markdownOf, type RawRun, tableOf } from '../../bench/peers/table.ts';

const run = (
  peer: string,
  work: RawRun['work'],
  n: number,
  figures: Record<string, number>,
  over?: string,
): RawRun => ({
  peer,
  work,
  size: 1_000,
  run: n,
  verified: over === undefined,
  figures,
  ...(over === undefined ? {} : { over }),
});
const fill = (peer: string, n: number, rowsPerSecond: number, usableMs: number) =>
  run(peer, 'fill', n, { rowsPerSecond, usableMs, ms: 1 });

describe('the table of the peers bench', () => {
  it('holds medians, and ratios that say how many times better Chasqui is', () => {
    const runs = [
      fill('Chasqui', 1, 100, 40),
      fill('PouchDB', 1, 20, 10),
      fill('Chasqui', 2, 300, 20),
      fill('PouchDB', 2, 10, 30),
      fill('Chasqui', 3, 200, 30),
      fill('PouchDB', 3, 30, 15),
    ];
    const [rate, usable] = tableOf(runs);
    expect(rate).toMatchObject({ values: { Chasqui: 200, PouchDB: 20 }, ratios: { PouchDB: 10 } });
    // Less is better here, and the peer is: twice.
    expect(usable).toMatchObject({ values: { Chasqui: 30, PouchDB: 15 }, ratios: { PouchDB: 0.5 } });
  });

  it('gives a peer that was over its limit in any run no figure, and says how far it came', () => {
    const runs = [
      run('Chasqui', 'drain', 1, { ms: 100 }),
      run('PouchDB', 'drain', 1, { ms: 900 }),
      run('PouchDB', 'drain', 2, {}, '500 rows in 15 min'),
    ];
    const [row] = tableOf(runs);
    expect(row).toMatchObject({
      values: { PouchDB: null },
      ratios: { PouchDB: null },
      over: { PouchDB: '500 rows in 15 min' },
    });
    expect(markdownOf(tableOf(runs), ['Chasqui', 'PouchDB'])).toBe(
      [
        '| work | size | figure | Chasqui | PouchDB | × PouchDB |',
        '| --- | --- | --- | --- | --- | --- |',
        '| drain | 1,000 | ms | 100 | over the limit (500 rows in 15 min) | - |',
      ].join('\n'),
    );
  });

  it('takes the worst of the rows fetched again, and no ratio to nothing', () => {
    const runs = [3, 0, 2].flatMap((again, n) => [
      run('Chasqui', 'killed', n, { again: 0, pages: 0 }),
      run('RxDB', 'killed', n, { again, pages: again / 2 }),
    ]);
    expect(tableOf(runs)).toMatchObject([
      { figure: 'rows again, worst', values: { Chasqui: 0, RxDB: 3 }, ratios: { RxDB: null } },
      { figure: 'pages again, worst', values: { Chasqui: 0, RxDB: 1.5 } },
    ]);
  });

  it('keeps sizes apart, and leaves out what a peer does not do', () => {
    const runs = [
      fill('Chasqui', 1, 10, 1),
      { ...fill('Chasqui', 1, 20, 1), size: 2_000 },
      run('Zero', 'live', 1, liveFigures([3, 1, 2])),
    ];
    const table = tableOf(runs);
    expect(table.map(({ work, size }) => `${work} ${size}`)).toEqual([
      'fill 1000',
      'fill 1000',
      'fill 2000',
      'fill 2000',
      'live 1000',
      'live 1000',
    ]);
    expect(table[4]).toMatchObject({ figure: 'p50 ms', values: { Zero: 2 }, ratios: { Zero: null } });
    expect(markdownOf(table, ['Chasqui', 'Zero'])).toContain('| fill | 1,000 | rows/s | 10 | - | - |');
  });
});
