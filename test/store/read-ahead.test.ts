import { beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../src/store/changes/change-reads.ts';
import { createReadAhead, type PageQuestion, type ReadAhead } from '../../src/store/changes/read-ahead.ts';
import { createConsole, note, type TestConsole, ticketId } from '../contract/desk/console.ts';
import { memoryPorts } from '../contract/desk/memory-ports.ts';
import { createRig, type DeskPorts, type Rig } from '../contract/desk/rig.ts';
import { sites } from '../contract/desk/world.ts';

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

  it('SY7 are not for other rights of the same session', async () => {
    await rig.setGrants('beto', { siteIds: [sites.lima] });
    const beto = createConsole(rig, 'beto');
    const { after } = await page(null, beto);
    expect(reads.filter((key) => key === after)).toHaveLength(1);
    await rig.setGrants('beto', { siteIds: [sites.cusco] });
    expect(await page(after, beto)).toEqual({ rows: [], after: null });
    expect(reads.filter((key) => key === after)).toHaveLength(2);
  });

  it('are read again after five seconds', async () => {
    const { after } = await page(null);
    rig.clock.now += 5_001;
    await page(after);
    expect(reads.filter((key) => key === after)).toHaveLength(2);
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

describe('what is kept ahead', () => {
  const question: PageQuestion = {
    entity: 'ticket',
    after: ticketId(1),
    rows: 2,
    scopeVersion: 'a',
    closedWindowDays: null,
  };
  const mark = { epoch: 'e', seq: 1, hash: 'h', seal: 's' };
  const rows: Page = { texts: ['{}'], rows: 1, last: ticketId(2) };
  const markOfNow = async () => mark;
  let now: number;
  let reads: number;
  let ahead: ReadAhead;
  const read = async () => {
    reads += 1;
    return rows;
  };
  beforeEach(() => {
    now = 0;
    reads = 0;
    ahead = createReadAhead(() => now);
  });

  it('is given once, to the session that it was read for', async () => {
    ahead.keep('mine', question, mark, read);
    expect(await ahead.take('another', question, markOfNow)).toBeNull();
    expect(await ahead.take('mine', question, markOfNow)).toBe(rows);
    expect(await ahead.take('mine', question, markOfNow)).toBeNull();
  });

  it.each([
    { entity: 'entry' },
    { after: ticketId(2) },
    { rows: 3 },
    { scopeVersion: 'b' },
    { closedWindowDays: 30 },
  ] satisfies Partial<PageQuestion>[])('is not for a question with %j, which drops it', async (other) => {
    ahead.keep('mine', question, mark, read);
    expect(await ahead.take('mine', { ...question, ...other }, markOfNow)).toBeNull();
    expect(await ahead.take('mine', question, markOfNow)).toBeNull();
  });

  it('SY14 is not given where the log ends elsewhere', async () => {
    ahead.keep('mine', question, mark, read);
    expect(await ahead.take('mine', question, async () => ({ ...mark, seal: 'other' }))).toBeNull();
  });

  it('is kept for sixteen sessions at most, and makes room after five seconds', async () => {
    for (let n = 0; n < 20; n++) ahead.keep(`s${n}`, question, mark, read);
    expect(reads).toBe(16);
    expect(await ahead.take('s15', question, markOfNow)).toBe(rows);
    expect(await ahead.take('s16', question, markOfNow)).toBeNull();
    now = 5_001;
    ahead.keep('s16', question, mark, read);
    expect(await ahead.take('s16', question, markOfNow)).toBe(rows);
    expect(await ahead.take('s0', question, markOfNow)).toBeNull();
  });
});
