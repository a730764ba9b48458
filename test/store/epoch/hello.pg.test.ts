import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HelloResponse, helloResponseSchema, type LogMark } from '../../../src/protocol/sync/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/versions.ts';
import { registerPayload } from '../../support/commands.ts';
import { createFixtureDesk, type Desk } from '../../support/desk-fixture.ts';
import type { DeviceClient, SendRequest } from '../../support/device-client.ts';
import { startTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  ana = await store.signIn(desk.accounts.ana);
});
afterAll(() => store.close());

const hello = async (marks: readonly LogMark[], send: SendRequest = store.send): Promise<HelloResponse> => {
  const place = { incarnation: ana.incarnation, lastN: 0, cursor: null, logHash: null };
  const body = { protocol: PROTOCOL_VERSION, schema: 1, ...place, marks };
  const answer = await send({ path: '/sync/v1/hello', token: ana.tokens.accessToken, body });
  return helloResponseSchema.parse(JSON.parse(answer.text));
};
const register = async (): Promise<LogMark> => {
  const { mark } = await ana.push(ana.command('register', v7(), registerPayload(desk)));
  if (mark === null) throw new Error('a push without a mark');
  return mark;
};

/** As a restore of files would: what was logged after the place is gone, and nobody is told. */
const forgetAfter = async (seq: number) => {
  const client = await store.db.pool.connect();
  await client.query('set session_replication_role = replica');
  await client.query('delete from change_log where desk_id = $1 and seq > $2', [desk.deskId, seq]);
  await client.query('set session_replication_role = origin');
  client.release();
};

describe('hello', () => {
  it('SY14 places that the log has open nothing, however often they are told', async () => {
    const before = await hello([]);
    const marks = [await register(), await register()];
    expect(marks[1]).toMatchObject({ epoch: before.epoch });
    expect(await hello(marks)).toMatchObject({ epoch: before.epoch, restoredAt: null, head: marks[1]?.seq });
  });

  it('SY14 a broken seal, a seal of another desk and a place of another epoch prove nothing', async () => {
    const before = await hello([]);
    const mark = await register();
    const other = await createFixtureDesk(store.db, '-otra');
    const dora = await store.signIn(other.accounts.ana);
    const { mark: theirs } = await dora.push(dora.command('register', v7(), registerPayload(other)));
    const forged = { ...mark, seq: mark.seq + 1_000 };
    const answer = await hello([forged, { ...mark, epoch: v7() }, ...(theirs === null ? [] : [theirs])]);
    expect(answer).toMatchObject({ epoch: before.epoch, restoredAt: null });
  });

  it('SY14 a sealed place that the log does not have opens one new epoch, whichever processes are told of it', async () => {
    const before = await hello([]);
    const kept = await register();
    const lost = await register();
    await forgetAfter(kept.seq);
    const second = await store.another();
    const answers = await Promise.all(
      [store.send, second.send, store.send, second.send].map((send) => hello([kept, lost], send)),
    );
    const epochs = new Set(answers.map(({ epoch }) => epoch));
    expect(epochs.size).toBe(1);
    expect(epochs).not.toContain(before.epoch);
    expect(answers[0]?.restoredAt).toBeGreaterThan(Date.now() - 60_000);
    // The same marks are of another epoch now: told again, they open nothing.
    expect(await hello([kept, lost])).toMatchObject({ epoch: answers[0]?.epoch, restoredAt: answers[0]?.restoredAt });
  });

  it('SY14 a push that names another epoch is answered EPOCH and nothing of it is applied; one that names none is taken', async () => {
    const { epoch } = await hello([]);
    const ticketId = v7();
    const command = ana.command('register', ticketId, registerPayload(desk));
    const push = (named?: string) =>
      ana.send({
        path: '/sync/v1/push',
        token: ana.tokens.accessToken,
        body: { protocol: PROTOCOL_VERSION, commands: [command], ...(named === undefined ? {} : { epoch: named }) },
      });
    const refused = await push(v7());
    expect(refused.status).toBe(409);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'EPOCH', details: { epoch } } });
    const { rowCount } = await store.db.pool.query('select 1 from commands where id = $1', [command.id]);
    expect(rowCount).toBe(0);
    expect((await push(epoch)).status).toBe(200);
    expect((await push()).status).toBe(200);
  });
});
