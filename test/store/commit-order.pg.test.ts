import type { PoolClient } from 'pg';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from '../../src/store/admin/desks.ts';
import { putDirectoryRows } from '../../src/store/db/directory-rows.ts';
import { inTransaction } from '../../src/store/db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let test: TestDatabase;
const deskId = v7();
beforeAll(async () => {
  test = await createTestDatabase(30);
  await createDesk(test.db, { id: deskId, name: 'orden', epoch: v7(), now: 0 });
});
afterAll(() => test.drop());

const service = (id: string, code: string) => ({
  id,
  active: true,
  code,
  nameEs: code,
  nameEn: code,
  category: 'other' as const,
  citizenService: false,
});
const put = (client: PoolClient, ...rows: [id: string, code: string][]) =>
  putDirectoryRows(
    client,
    deskId,
    'service',
    rows.map(([id, code]) => service(id, code)),
  );
const logAfter = async (cursor: number) => {
  const { rows } = await test.db.pool.query<{ seq: number; txid: number; id: string; version: number }>(
    'select seq, txid, entity_id as id, version from change_log where desk_id = $1 and seq > $2 order by seq',
    [deskId, cursor],
  );
  return rows;
};

/** A transaction that stays open until told. */
async function open() {
  const client = await test.db.pool.connect();
  await client.query('begin');
  return {
    client,
    commit: async () => {
      await client.query('commit');
      client.release();
    },
  };
}

describe('change log in commit order', () => {
  it('SY6 a reader that follows the log while many write misses nothing and sees each transaction whole', async () => {
    const writers = 12;
    const rounds = 25;
    let writing = true;
    let cursor = 0;
    const seen = new Map<string, number>();
    const sizes = new Map<number, number>();
    const reader = (async () => {
      for (;;) {
        const last = !writing;
        for (const row of await logAfter(cursor)) {
          cursor = row.seq;
          seen.set(row.id, (seen.get(row.id) ?? 0) + 1);
          sizes.set(row.txid, (sizes.get(row.txid) ?? 0) + 1);
        }
        // A read must never end inside a transaction.
        for (const size of sizes.values()) expect(size).toBe(3);
        if (last) return;
      }
    })();
    await Promise.all(
      Array.from({ length: writers }, async () => {
        for (let round = 0; round < rounds; round++) {
          await inTransaction(test.db, async (client) => {
            await put(client, [v7(), 'a']);
            if (round % 3 === 0) await client.query('select pg_sleep(random() * 0.01)');
            await put(client, [v7(), 'b'], [v7(), 'c']);
          });
        }
      }),
    );
    writing = false;
    await reader;
    expect(seen.size).toBe(writers * rounds * 3);
  });

  it('SY8 trap one: a transaction that began first and commits last is logged last, with the row that is there', async () => {
    const id = v7();
    await inTransaction(test.db, (client) => put(client, [id, 'first']));
    const [early, late] = [await open(), await open()];
    await early.client.query('select pg_current_xact_id()');
    await put(late.client, [id, 'late']);
    await late.commit();
    await put(early.client, [id, 'early']);
    await early.commit();
    const rows = (await logAfter(0)).filter((row) => row.id === id);
    expect(rows.map((row) => row.version)).toEqual([1, 2, 3]);
    expect(rows.map((row) => row.seq)).toEqual([...rows.map((row) => row.seq)].sort((a, b) => a - b));
    const { rows: now } = await test.db.pool.query<{ version: number; doc: string }>(
      'select version, doc from services where id = $1',
      [id],
    );
    expect(now[0]).toMatchObject({ version: 3, doc: expect.stringContaining('early') });
  });

  it('SY6 trap two: what depends on a row never comes before it, although its transaction began before', async () => {
    const [parent, child] = [v7(), v7()];
    const before = (await logAfter(0)).at(-1)?.seq ?? 0;
    const slow = await open();
    await slow.client.query('select pg_current_xact_id()');
    await inTransaction(test.db, (client) => put(client, [parent, 'parent']));
    const between = await logAfter(before);
    await put(slow.client, [child, 'child of parent']);
    await slow.commit();
    expect(between.map((row) => row.id)).toEqual([parent]);
    expect((await logAfter(before)).map((row) => row.id)).toEqual([parent, child]);
  });

  it('refuses a writer with an older snapshot than the log needs', async () => {
    const client = await test.db.pool.connect();
    await client.query('begin isolation level repeatable read');
    await put(client, [v7(), 'old']);
    await expect(client.query('commit')).rejects.toThrow('READ COMMITTED');
    await client.query('rollback');
    client.release();
  });

  it('every hash follows from the one before it', async () => {
    const { rows } = await test.db.pool.query<{ broken: number }>(
      `select count(*) as broken from (
         select hash, encode(sha256(convert_to(concat_ws('|', coalesce(lag(hash) over (order by seq), repeat('0', 64)),
           seq, entity, entity_id, version), 'UTF8')), 'hex') as expected from change_log where desk_id = $1) l
       where hash <> expected`,
      [deskId],
    );
    expect(rows[0]?.broken).toBe(0);
  });

  it.each(['entries', 'commands', 'change_log'])('%s is insert only', async (table) => {
    await expect(test.db.pool.query(`update ${table} set desk_id = desk_id`)).rejects.toMatchObject({ code: '23001' });
    await expect(test.db.pool.query(`delete from ${table}`)).rejects.toMatchObject({ code: '23001' });
    await expect(test.db.pool.query(`truncate ${table}`)).rejects.toMatchObject({ code: '23001' });
  });
});
