import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyIn, copyOut } from '../../../src/store/backup/copy-stream.ts';
import { createBareDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await createBareDatabase(1);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});
const answers = async () => (await client.query<{ one: number }>('select 1 as one')).rows[0]?.one;

describe('COPY over a client', () => {
  it('gives every row to a slow reader, holds few of them, and the client goes on', async () => {
    const rows = copyOut(client, 'copy (select n from generate_series(1, 60000) n) to stdout');
    let count = 0;
    let most = 0;
    for await (const row of rows as AsyncIterable<Buffer>) {
      expect(row.toString()).toBe(`${++count}\n`);
      most = Math.max(most, rows.readableLength);
      if (count % 50 === 0) await turn();
    }
    expect(count).toBe(60_000);
    expect(most).toBeLessThan(30_000);
    expect(await answers()).toBe(1);
  });

  it('takes pieces that end anywhere, and counts what the server took', async () => {
    await client.query('create table t (n int, text text)');
    const { sink, rows } = copyIn(client, 'copy t from stdin');
    const text = Buffer.from(Array.from({ length: 5_000 }, (_, n) => `${n}\tfila ñ ${n}\n`).join(''));
    for (let at = 0; at < text.length; at += 777) sink.write(text.subarray(at, at + 777));
    sink.end();
    await finished(sink);
    expect(rows()).toBe(5_000);
    const { rows: told } = await client.query<{ n: string }>(`select count(*) as n from t where text = 'fila ñ ' || n`);
    expect(told[0]?.n).toBe('5000');
  });

  it('tells what the server says of a bad row or a bad statement, and the client goes on', async () => {
    await client.query('create table t (n int)');
    const bad = copyIn(client, 'copy t from stdin');
    bad.sink.end('no es un número\n');
    await expect(finished(bad.sink)).rejects.toMatchObject({ code: '22P02' });
    expect(await answers()).toBe(1);
    const read = async () => {
      for await (const _ of copyOut(client, 'copy nada to stdout')) throw new Error('a row of nothing');
    };
    await expect(read()).rejects.toMatchObject({ code: '42P01' });
    expect(await answers()).toBe(1);
  });
});
