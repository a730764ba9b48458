import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../bench/peers/digest.ts';
import { type PeerRow, readRows, ticketRow, writeRows } from '../../bench/peers/support/rows.ts';

const folder = await mkdtemp(join(tmpdir(), 'chasqui-peers-rows-'));
afterAll(() => rm(folder, { recursive: true }));

const ticket = (id: string, level: string, registeredAt: number, status = 'new') =>
  ticketRow(id, {
    status,
    teamId: 't',
    assigneeId: null,
    priority: { level },
    clocks: { registeredAt },
    text: `«${id}»`,
  });

describe('the rows that every server is loaded with', () => {
  const rows: PeerRow[] = [
    ticket('late', 'high', 20),
    ticket('done', 'critical', 1, 'resolved'),
    ticket('early', 'high', 10),
    ticket('low', 'low', 1),
    ticket('first', 'critical', 30, 'pending'),
    { entity: 'note', id: 'n1', ticketId: 'late', seq: 2, doc: { text: 'línea\notra\u2028más' } },
  ];

  it('come back as they were written, and say what a queue and a digest of them must be', async () => {
    async function* coming() {
      yield* rows;
    }
    const written = await writeRows(coming(), join(folder, 'rows'));
    const read: PeerRow[] = [];
    const sizes: number[] = [];
    for await (const batch of readRows(written.path, 4)) {
      read.push(...batch);
      sizes.push(batch.length);
    }
    expect(read).toEqual(rows);
    expect(sizes).toEqual([4, 2]);
    expect(written).toMatchObject({ tickets: 5, notes: 1, digest: await digestOf(rows) });
    // What is open, the most pressing first, then the oldest.
    expect(written.queue).toEqual(['first', 'early', 'late', 'low']);
    expect(written.ticketIds).not.toContain('done');
  });
});
