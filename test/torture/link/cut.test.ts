import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createFaultProxy } from '../../../torture/link/fault-proxy.ts';
import { echo, openEnd, openLinkTo } from './ends.ts';

/** Says the same for ever, as fast as it is taken. */
const flood = (socket: Socket) => {
  const more = () => {
    while (!socket.destroyed && socket.write(Buffer.alloc(4_096, 97)));
  };
  socket.on('drain', more);
  more();
};

test('a cut by FIN leaves exactly the drawn number of bytes', async () => {
  const link = await openLinkTo(flood, { faults: { cut: { afterBytes: 10_001, kind: 'fin' } } });
  const end = await openEnd(link);
  expect(await end.ended).toBe('fin');
  expect(end.text()).toHaveLength(10_001);
  expect(link.counts).toMatchObject({ cutFin: 1, cutRst: 0, bytesDown: 10_001 });
});

test('a cut by reset is seen as one, by both ends', async () => {
  let farEnded: string | null = null;
  const link = await openLinkTo(
    (socket) => {
      socket.on('error', () => {
        farEnded = 'rst';
      });
      flood(socket);
    },
    { faults: { cut: { afterBytes: 5_000, kind: 'rst' } } },
  );
  const end = await openEnd(link);
  expect(await end.ended).toBe('rst');
  await expect.poll(() => farEnded).toBe('rst');
  expect(link.counts).toMatchObject({ cutFin: 0, cutRst: 1, bytesDown: 5_000 });
});

test('where cuts fall follows from the seed and from which connection it is', async () => {
  const lengths = async (seed: number) => {
    const link = await openLinkTo(flood, {
      seed,
      faults: { cut: { chance: 0.7, afterBytes: [100, 9_000], kind: 'fin' } },
    });
    const found: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const end = await openEnd(link);
      await expect.poll(() => end.ending() !== null || end.text().length > 9_000, { interval: 1 }).toBe(true);
      found.push(end.ending() === null ? -1 : end.text().length);
      end.socket.destroy();
    }
    return found;
  };
  const first = await lengths(3);
  expect(await lengths(3)).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(3);
  expect(first).toContain(-1);
  expect(await lengths(4)).not.toEqual(first);
});

test('a link that is cut every so often cuts whatever is open, again and again', async () => {
  const link = await openLinkTo(echo, { faults: { cutEvery: { ms: [20, 30] } } });
  const kinds = new Set<string>();
  while (kinds.size < 2) {
    const one = await openEnd(link);
    const other = await openEnd(link);
    kinds.add(await one.ended);
    kinds.add(await other.ended);
  }
  const cuts = link.counts.cutFin + link.counts.cutRst;
  expect(cuts).toBeGreaterThanOrEqual(2);
  link.set({});
  const end = await openEnd(link);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(end.ending()).toBeNull();
});

test('cutAll cuts everything that is open and nothing that comes later', async () => {
  const link = await openLinkTo(echo);
  const ends = await Promise.all([openEnd(link), openEnd(link)]);
  for (const end of ends) {
    end.socket.write('in');
    await expect.poll(end.text).toBe('in');
  }
  link.cutAll('rst');
  expect(await Promise.all(ends.map((end) => end.ended))).toEqual(['rst', 'rst']);
  const later = await openEnd(link);
  later.socket.write('back');
  await expect.poll(later.text).toBe('back');
});

test('half open: what is sent is taken and never arrives, neither end is told, and healing brings nothing back', async () => {
  const heard: string[] = [];
  const link = await openLinkTo(
    (socket) => {
      socket.on('data', (piece) => heard.push(piece.toString()));
      socket.on('end', () => heard.push('end'));
      socket.on('close', () => heard.push('close'));
    },
    { faults: { halfOpen: { afterBytes: 4 } } },
  );
  const end = await openEnd(link);
  end.socket.write('1234567');
  await expect.poll(() => heard).toEqual(['1234']);
  expect(link.counts).toMatchObject({ halfOpened: 1, bytesUp: 4 });
  link.set({});
  // Far more than any buffer holds: it is taken all the same.
  await new Promise<void>((resolve) => end.socket.write(Buffer.alloc(8 << 20), () => resolve()));
  expect(end.ending()).toBeNull();
  end.socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(heard).toEqual(['1234']);
});

test('an outage that refuses cuts what is open and resets what is new, until it is over', async () => {
  const link = await openLinkTo(echo);
  const before = await openEnd(link);
  link.set({ outage: 'refused' });
  expect(await before.ended).toBe('rst');
  const during = connect(link.port, '127.0.0.1');
  await new Promise((resolve) => during.once('error', resolve));
  expect(link.counts.refused).toBe(1);
  link.set({});
  const after = await openEnd(link);
  after.socket.write('again');
  await expect.poll(after.text).toBe('again');
});

test('a silent outage answers nobody and cuts nobody; connections of its time stay dead', async () => {
  const link = await openLinkTo(echo);
  const before = await openEnd(link);
  before.socket.write('a');
  await expect.poll(before.text).toBe('a');
  link.set({ outage: 'silent' });
  const during = await openEnd(link);
  before.socket.write('b');
  during.socket.write('c');
  link.set({});
  const after = await openEnd(link);
  after.socket.write('d');
  await expect.poll(after.text).toBe('d');
  expect([before.text(), before.ending(), during.text(), during.ending()]).toEqual(['a', null, '', null]);
});

test('a store that takes no connection is a reset at the console', async () => {
  const link = await openLinkTo(echo);
  const gone = await openLinkTo(echo);
  const port = gone.port;
  await gone.close();
  let where = port;
  const moving = await createFaultProxy({ target: () => ({ host: '127.0.0.1', port: where }), seed: 1 });
  try {
    const end = await openEnd(moving);
    expect(await end.ended).toBe('rst');
    expect(moving.counts.unreachable).toBe(1);
    // The store is somewhere else now.
    where = link.port;
    const next = await openEnd(moving);
    next.socket.write('there');
    await expect.poll(next.text).toBe('there');
  } finally {
    await moving.close();
  }
});

test('each trouble is counted as what it did: a cut in the middle, by the clock and by an outage, a silence, a delay, a drip', async () => {
  const middle = await openLinkTo(flood, { faults: { cut: { afterBytes: 5_000 } } });
  await (await openEnd(middle)).ended;
  expect(middle.counts).toMatchObject({ cutMiddle: 1, cutTimed: 0, cutByOutage: 0 });

  const timed = await openLinkTo(flood, { faults: { cutEvery: { ms: 20 } } });
  await (await openEnd(timed)).ended;
  expect(timed.counts).toMatchObject({ cutMiddle: 0, cutTimed: 1, cutByOutage: 0 });

  const outage = await openLinkTo(echo, {});
  const open = await openEnd(outage);
  await expect.poll(() => outage.counts.connections).toBe(1);
  outage.set({ outage: 'refused' });
  await open.ended;
  expect(outage.counts).toMatchObject({ cutRst: 1, cutByOutage: 1, silenced: 0 });

  const silent = await openLinkTo(echo, {});
  await openEnd(silent);
  await expect.poll(() => silent.counts.connections).toBe(1);
  silent.set({ outage: 'silent' });
  expect(silent.counts).toMatchObject({ halfOpened: 1, silenced: 1, delayed: 0, dripped: 0 });

  const slow = await openLinkTo(echo, { faults: { up: { delayMs: 5 }, down: { bytesPerSecond: 50_000 } } });
  const end = await openEnd(slow);
  end.socket.write('one');
  await expect.poll(end.text).toBe('one');
  expect([slow.counts.delayed, slow.counts.dripped]).toEqual([1, 1]);
});
