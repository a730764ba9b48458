import { beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../src/store/changes/change-reads.ts';
import { createReadAhead } from '../../src/store/changes/read-ahead.ts';
import { createConsole, note, type TestConsole, ticketId } from '../contract/desk/console.ts';
import { memoryPorts } from '../contract/desk/memory-ports.ts';
import { createRig, type DeskPorts, type Rig } from '../contract/desk/rig.ts';
import { people, person, sites } from '../contract/desk/world.ts';

describe('pages of a fill that are read ahead', () => {
  let rig: Rig;
  let admin: TestConsole;
  /** Keys after which tickets were read. */
  let reads: (string | null)[];
  let broken: boolean;

  beforeEach(async () => {
    reads = [];
    broken = false;
    rig = await createRig(async () => watched(memoryPorts()));
    admin = createConsole(rig, 'admin');
    await admin.registerAll([1, 2, 3, 4, 5, 6]);
  });

  function watched(ports: DeskPorts): DeskPorts {
    const live: typeof ports.changes.live = (deskId) => {
      const desk = ports.changes.live(deskId);
      const page: typeof desk.page = async (entity, after, limit, scope) => {
        if (broken) throw new Error('the database is gone');
        reads.push(after);
        return desk.page(entity, after, limit, scope);
      };
      return { ...desk, page };
    };
    return { ...ports, changes: { ...ports.changes, live } };
  }
  const page = async (after: string | null, who = admin) => {
    const lines = (await who.page('ticket', after, 2)).map(
      (text) => JSON.parse(text) as { t: string; row?: { id: string; version: number }; after?: string | null },
    );
    return {
      rows: lines.flatMap(({ row }) => (row === undefined ? [] : [row])),
      after: lines.at(-1)?.after ?? null,
    };
  };
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

  it('each row once, each page read once', async () => {
    const first = await page(null);
    const second = await page(first.after);
    const third = await page(second.after);
    expect(await page(third.after)).toEqual({ rows: [], after: null });
    expect([first, second, third].flatMap(({ rows }) => ids(rows))).toEqual([1, 2, 3, 4, 5, 6].map(ticketId));
    expect(reads).toEqual([null, first.after, second.after, third.after]);
  });

  it('SY4 are read again where anything was written since, and hold it', async () => {
    const { after } = await page(null);
    await admin.push(admin.command('addNote', ticketId(3), note('entre dos páginas')));
    const { rows } = await page(after);
    expect(rows.map(({ id, version }) => [id, version])).toEqual([
      [ticketId(3), 2],
      [ticketId(4), 1],
    ]);
    expect(reads.filter((key) => key === after)).toHaveLength(2);
  });

  it('SY7 are not for other rights, nor for another session of the same person', async () => {
    await rig.setGrants('beto', { siteIds: [sites.lima] });
    const beto = createConsole(rig, 'beto');
    const { after } = await page(null, beto);
    expect(reads.filter((key) => key === after)).toHaveLength(1);
    await page(after);
    expect(reads.filter((key) => key === after)).toHaveLength(2);
    await rig.setGrants('beto', { siteIds: [sites.cusco] });
    await page(after, beto);
    expect(reads.filter((key) => key === after)).toHaveLength(3);
  });

  it('are dropped after five seconds, and by any other question', async () => {
    const { after } = await page(null);
    rig.clock.now += 5_001;
    await page(after);
    expect(reads.filter((key) => key === after)).toHaveLength(2);
    const again = await page(null);
    await page(null);
    await rig.putDirectory([person(people.rosa, 'Rosa', sites.lima, true)]);
    await page(again.after);
    expect(reads.filter((key) => key === after)).toHaveLength(5);
  });

  it('that could not be read are read when they are asked for', async () => {
    const first = await page(null);
    const second = page(first.after);
    broken = true;
    const { after } = await second;
    broken = false;
    expect(ids((await page(after)).rows)).toEqual([5, 6].map(ticketId));
  });
});

it('pages that are read ahead are kept for sixteen sessions at most, and make room after five seconds', async () => {
  let now = 0;
  const ahead = createReadAhead(() => now);
  const question = {
    entity: 'ticket',
    after: ticketId(1),
    rows: 2,
    scopeVersion: 'a',
    closedWindowDays: null,
  } as const;
  const mark = { epoch: 'e', seq: 1, hash: 'h', seal: 's' };
  const rows: Page = { texts: ['{}'], rows: 1, last: ticketId(2) };
  let reads = 0;
  const read = async () => {
    reads += 1;
    return rows;
  };
  for (let n = 0; n < 20; n++) ahead.keep(`s${n}`, question, mark, read);
  expect(reads).toBe(16);
  const take = (n: number) => ahead.take(`s${n}`, question, async () => mark);
  expect(await take(15)).toBe(rows);
  expect(await take(15)).toBeNull();
  expect(await take(16)).toBeNull();
  now = 5_001;
  ahead.keep('s16', question, mark, read);
  expect(await take(16)).toBe(rows);
  expect(await take(0)).toBeNull();
});
