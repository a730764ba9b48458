import type { AddressInfo, Server } from 'node:net';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeDevice } from '../../src/store/admin/accounts.ts';
import { putDirectory } from '../../src/store/admin/desks.ts';
import { createNewsHub } from '../../src/store/changes/news-hub.ts';
import { registerPayload } from '../support/commands.ts';
import { createFixtureDesk, type Desk } from '../support/desk-fixture.ts';
import { createDeviceClient, type DeviceClient } from '../support/device-client.ts';
import { startTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let desk: Desk;
let ana: DeviceClient;
let other: Awaited<ReturnType<TestStore['another']>>;
beforeAll(async () => {
  store = await startTestStore();
  desk = await createFixtureDesk(store.db);
  other = await store.another();
  ana = await store.signIn(desk.accounts.ana);
});
afterAll(() => store.close());

const change = () => ana.push(ana.command('register', v7(), registerPayload(desk)));

/** Frames of a stream of server-sent events, one at a time. */
async function listen(url: string, token: string) {
  const abort = new AbortController();
  const response = await fetch(`${url}/sync/v1/poke`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let rest = '';
  let all = '';
  return {
    raw: () => all,
    type: response.headers.get('content-type'),
    async next(): Promise<{ event: string; head: number; hash: string; epoch: string }> {
      for (;;) {
        const match = /event: (\w+)\ndata: (.*)\n\n/.exec(rest);
        if (match) {
          rest = rest.slice((match.index ?? 0) + match[0].length);
          return { event: match[1] as string, ...JSON.parse(match[2] as string) };
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream has ended');
        const text = new TextDecoder().decode(value);
        all += text;
        rest += text;
      }
    },
    close: () => abort.abort(),
  };
}

const openConnections = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

/** What a long poll answers. From which place it waits is read when its turn comes: there is news until some came after that. */
async function untilAnswered<T>(waiting: Promise<T>, news: () => Promise<void>): Promise<T> {
  const answers: T[] = [];
  const coming = waiting.then((answer) => answers.push(answer));
  while (answers.length === 0) {
    await news();
    await Promise.race([coming, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return answers[0] as T;
}

describe('poke', () => {
  it('reaches consoles of another store process: SSE', async () => {
    const url = await other.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await listen(url, ana.tokens.accessToken);
    expect(stream.type).toContain('text/event-stream');
    const start = await stream.next();
    const started = performance.now();
    const { head } = await change();
    expect(await stream.next()).toMatchObject({ event: 'news', head, epoch: start.epoch });
    expect(head).toBeGreaterThan(start.head);
    // Far below the look every five seconds: it came by the notice.
    expect(performance.now() - started).toBeLessThan(4_500);
    stream.close();
  });

  it('live: carries no content, byte by byte: an event’s name and a place of the log, whatever was changed by whom', async () => {
    const url = `http://127.0.0.1:${(other.app.server.address() as AddressInfo).port}`;
    const stream = await listen(url, ana.tokens.accessToken);
    const ticketId = v7();
    const secret = 'un asunto que nadie lee de paso';
    const pushed = await ana.push(
      ana.command('register', ticketId, registerPayload(desk, { subject: secret, description: secret })),
      ana.command('addNote', ticketId, { visibility: 'internal', text: secret }),
    );
    let last = await stream.next();
    while (last.head < pushed.head) last = await stream.next();
    stream.close();
    const frames = stream
      .raw()
      .split('\n\n')
      .filter((frame) => frame !== '');
    expect(frames.length).toBeGreaterThan(2);
    const place = '"head":\\d+,"hash":"[0-9a-f]{64}","epoch":"[0-9a-f-]{36}"';
    const allowed = new RegExp(`^(retry: 3000|event: (news|beat)\\ndata: \\{${place}\\})$`, 'u');
    expect(frames.filter((frame) => !allowed.test(frame))).toEqual([]);
    const poll = await other.send({ method: 'GET', path: '/sync/v1/poke?wait=0', token: ana.tokens.accessToken });
    expect(poll.text).toMatch(new RegExp(`^\\{${place},"news":true\\}$`, 'u'));
  });

  it('a long poll answers at once when the head is beyond, else with the next commit of any process', async () => {
    const poll = (wait: number | 'head') =>
      other.send({ method: 'GET', path: `/sync/v1/poke?wait=${wait}`, token: ana.tokens.accessToken });
    const { head } = await change();
    expect(JSON.parse((await poll(head - 1)).text)).toMatchObject({ news: true, head });
    const waiting = poll(head);
    const next = await change();
    expect(JSON.parse((await waiting).text)).toMatchObject({ news: true, head: next.head });
    const heads: number[] = [];
    const answer = await untilAnswered(poll('head'), async () => void heads.push((await change()).head));
    const said = JSON.parse(answer.text);
    expect(said).toMatchObject({ news: true });
    expect(heads).toContain(said.head);
  });

  it('a long poll over HTTP waits, and one whose console went away is given up', async () => {
    const { port } = other.app.server.address() as AddressInfo;
    const abort = new AbortController();
    const waiting = fetch(`http://127.0.0.1:${port}/sync/v1/poke?wait=head`, {
      headers: { authorization: `Bearer ${ana.tokens.accessToken}` },
      signal: abort.signal,
    });
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 500, 'still waiting'))]);
    expect(first).toBe('still waiting');
    abort.abort();
    await expect(waiting).rejects.toThrow();
    await expect.poll(() => openConnections(other.app.server)).toBe(0);
  });

  it('finds news by looking where LISTEN is swallowed', async () => {
    const { rows } = await store.db.pool.query<{ n: number }>(
      `select count(*) filter (where pg_terminate_backend(pid)) as n from pg_stat_activity
       where application_name = 'chasqui-news' and datname = current_database()`,
    );
    expect(rows[0]?.n).toBe(2);
    const { head } = await change();
    const waiting = other.send({ method: 'GET', path: `/sync/v1/poke?wait=${head}`, token: ana.tokens.accessToken });
    const next = await change();
    expect(JSON.parse((await waiting).text)).toMatchObject({ news: true, head: next.head });
  });

  it('SY10 SY14: a log that went back is news to whoever knew of more: polls and streams of a process that outlived the restore', async () => {
    const { port } = other.app.server.address() as AddressInfo;
    const kept = await change();
    const lost = await change();
    const stream = await listen(`http://127.0.0.1:${port}`, ana.tokens.accessToken);
    expect(await stream.next()).toMatchObject({ head: lost.head });
    const poll = () =>
      other.send({ method: 'GET', path: `/sync/v1/poke?wait=${lost.head}`, token: ana.tokens.accessToken });
    const waiting = poll();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const client = await store.db.pool.connect();
    await client.query('set session_replication_role = replica');
    await client.query('delete from change_log where desk_id = $1 and seq > $2', [desk.deskId, kept.head]);
    await client.query('set session_replication_role = origin');
    client.release();
    expect(JSON.parse((await waiting).text)).toMatchObject({ news: true, head: kept.head });
    expect(JSON.parse((await poll()).text)).toMatchObject({ news: true, head: kept.head });
    let told = await stream.next();
    while (told.event === 'beat') told = await stream.next();
    expect(told).toMatchObject({ event: 'news', head: kept.head });
    stream.close();
  });

  it('SY10 SY14: another epoch is news where the log ends at the same place', async () => {
    const { port } = other.app.server.address() as AddressInfo;
    const stream = await listen(`http://127.0.0.1:${port}`, ana.tokens.accessToken);
    const { head } = await stream.next();
    const waiting = other.send({
      method: 'GET',
      path: `/sync/v1/poke?wait=${head}`,
      token: ana.tokens.accessToken,
    });
    const epochs: string[] = [];
    const answer = await untilAnswered(waiting, async () => {
      const epoch = v7();
      epochs.push(epoch);
      await store.db.pool.query('update desks set epoch = $2, restored_at = $3 where id = $1', [
        desk.deskId,
        epoch,
        Date.now(),
      ]);
      let told = await stream.next();
      while (told.epoch !== epoch) told = await stream.next();
      expect(told).toMatchObject({ head, epoch });
    });
    const said = JSON.parse(answer.text);
    expect(said).toMatchObject({ news: true, head });
    expect(epochs).toContain(said.epoch);
    stream.close();
  });

  it('SY7 SY10: news is at once for whoever may see what changed, as it is or as it was, and late for the others', async () => {
    // Of two processes one is late by more than this test waits for anything: whatever comes from it came at once.
    const never = await store.another({ lateNewsMs: 3_600_000 });
    const soon = await store.another({ lateNewsMs: 100 });
    const [beto, dora] = [await store.signIn(desk.accounts.beto), await store.signIn(desk.accounts.dora)];
    const heard = { ana: 0, beto: 0, dora: 0, betoOfSoon: 0 };
    type Who = keyof typeof heard;
    const follow = async (url: string, { tokens }: DeviceClient, who: Who) => {
      const stream = await listen(url, tokens.accessToken);
      await stream.next();
      const reading = (async () => {
        for (;;) {
          const { event, head } = await stream.next();
          if (event === 'news') heard[who] = head;
        }
      })().catch(() => undefined);
      return { close: stream.close, reading };
    };
    const urls = await Promise.all([never, soon].map(({ app }) => app.listen({ host: '127.0.0.1', port: 0 })));
    const [ofNever = '', ofSoon = ''] = urls;
    const following = [
      await follow(ofNever, ana, 'ana'),
      await follow(ofNever, beto, 'beto'),
      await follow(ofNever, dora, 'dora'),
      await follow(ofSoon, beto, 'betoOfSoon'),
    ];
    const told = (who: Who, head: number) =>
      expect.poll(() => heard[who], { interval: 5 }).toBeGreaterThanOrEqual(head);

    // The first that a process hears of, it tells everybody.
    const begin = await change();
    for (const who of ['ana', 'beto', 'dora', 'betoOfSoon'] as const) await told(who, begin.head);

    // Lima's: beto, who is of Cusco, hears of it later.
    const ticketId = v7();
    const registered = await ana.push(ana.command('register', ticketId, registerPayload(desk)));
    for (const who of ['ana', 'dora', 'betoOfSoon'] as const) await told(who, registered.head);
    expect(heard.beto).toBeLessThan(registered.head);

    // It goes over to Cusco: both are told at once.
    const moved = await dora.push(
      dora.command('transfer', ticketId, { toTeamId: desk.teams.cuscoDesk, toPersonId: null, reason: '' }),
    );
    for (const who of ['ana', 'beto'] as const) await told(who, moved.head);

    // The directory is everybody's.
    const person = { id: v7(), active: true, name: 'Nueva', email: null, extension: null, jobTitle: null };
    const rest = { orgUnitId: null, siteId: null, seniorManagement: false, agent: false };
    await putDirectory(store.db, desk.deskId, { person: [{ ...person, ...rest }] });
    await told('beto', moved.head + 1);
    for (const { close } of following) close();
    await Promise.all(following.map(({ reading }) => reading));
  });

  it('SY7: the stream of a revoked device, and of one that signed out, ends with the next beat; that of others goes on', async () => {
    const { port } = other.app.server.address() as AddressInfo;
    const [lost, left] = [await store.signIn(desk.accounts.beto), await store.signIn(desk.accounts.beto)];
    const streams = await Promise.all(
      [ana, lost, left].map(({ tokens }) => listen(`http://127.0.0.1:${port}`, tokens.accessToken)),
    );
    for (const stream of streams) await stream.next();
    await revokeDevice(store.db, lost.tokens.session.deviceId, Date.now());
    await other.send({ path: '/auth/v1/sign-out', token: left.tokens.accessToken });
    const untilItEnds = async (stream: (typeof streams)[number] | undefined) => {
      while (stream !== undefined) await stream.next();
    };
    await expect(untilItEnds(streams[1])).rejects.toThrow('the stream has ended');
    await expect(untilItEnds(streams[2])).rejects.toThrow('the stream has ended');
    // Read no further than its frames of before: it still has one to come, which is a beat.
    let frame = await streams[0]?.next();
    while (frame?.event === 'news') frame = await streams[0]?.next();
    expect(frame).toMatchObject({ event: 'beat' });
    const again = await other.send({ method: 'GET', path: '/sync/v1/poke', token: lost.tokens.accessToken });
    expect(again.text).toContain('deviceRevoked');
    streams[0]?.close();
  });

  it('5.6 a push is told at its own process with no notice of it, and to its author by the answer alone', async () => {
    const options = { db: store.db, url: 'postgres://nobody@127.0.0.1:1/none', lookEveryMs: 1_000_000 };
    const news = createNewsHub({ ...options, onTrouble: () => undefined });
    const alone = await store.another({ news });
    news.start();
    const url = await alone.app.listen({ host: '127.0.0.1', port: 0 });
    const admin = await createDeviceClient(alone.send, desk.accounts.admin);
    const author = await createDeviceClient(alone.send, desk.accounts.ana);
    const own = await listen(url, author.tokens.accessToken);
    const others = await listen(url, admin.tokens.accessToken);
    await Promise.all([own.next(), others.next()]);
    // From here on both stand where this hub knows that they do.
    const before = await admin.push(admin.command('register', v7(), registerPayload(desk)));
    const start = await own.next();
    expect(start).toMatchObject({ event: 'news', head: before.head });
    const pushed = await author.push(author.command('register', v7(), registerPayload(desk)));
    let told = await others.next();
    while (told.head < pushed.head) told = await others.next();
    expect(told).toMatchObject({ event: 'news', head: pushed.head, epoch: start.epoch });
    const answered = await admin.push(admin.command('register', v7(), registerPayload(desk)));
    expect(answered.head).toBeGreaterThan(pushed.head);
    // The first that the author hears is of the other's push, not of the one before it.
    expect(await own.next()).toMatchObject({ event: 'news', head: answered.head });
    own.close();
    others.close();
    await news.stop();
  });
});
