import { expect, test } from 'vitest';
import { echo, openEnd, openLinkTo } from './ends.ts';

const roundTrip = async (link: Awaited<ReturnType<typeof openLinkTo>>, text: string) => {
  const end = await openEnd(link);
  const began = performance.now();
  end.socket.write(text);
  await expect.poll(end.text, { interval: 2 }).toBe(text);
  return { end, ms: performance.now() - began };
};

test('a link without faults passes on everything, and the ends of both directions', async () => {
  const link = await openLinkTo(echo);
  const end = await openEnd(link);
  const body = 'ñandú '.repeat(500_000);
  end.socket.end(body);
  expect(await end.ended).toBe('fin');
  expect(end.text()).toBe(body);
  const bytes = Buffer.byteLength(body);
  expect(link.counts).toMatchObject({
    connections: 1,
    bytesUp: bytes,
    bytesDown: bytes,
    lost: 0,
    cutRst: 0,
    cutFin: 0,
  });
});

test('delay holds for each direction, and pieces under way at the same time wait together', async () => {
  const link = await openLinkTo(echo, { faults: { up: { delayMs: 60 }, down: { delayMs: [40, 50] } } });
  const { end, ms } = await roundTrip(link, 'one');
  expect(ms).toBeGreaterThanOrEqual(98);

  link.set({ up: { delayMs: 400 }, down: { delayMs: 400 } });
  for (let n = 0; n < 100; n += 1) {
    end.socket.write('.');
    await new Promise(setImmediate);
  }
  // One after the other they would take longer than anything here is waited for.
  await expect.poll(end.text, { interval: 2 }).toBe(`one${'.'.repeat(100)}`);
});

test('jitter never overtakes', async () => {
  const link = await openLinkTo(echo, { faults: { up: { delayMs: [0, 20] }, down: { delayMs: [0, 20] } } });
  const end = await openEnd(link);
  const numbers = Array.from({ length: 50 }, (_, n) => `${n} `);
  for (const number of numbers) {
    end.socket.write(number);
    await new Promise(setImmediate);
  }
  await expect.poll(end.text, { interval: 2 }).toBe(numbers.join(''));
});

test('loss is a pause of everything behind it: the base once, doubled each time that it is lost again', async () => {
  const link = await openLinkTo(echo, { faults: { up: { loss: { chance: 1, baseMs: 1 } } } });
  const { ms } = await roundTrip(link, 'x');
  // Lost six times: 1 + 2 + 4 + 8 + 16 + 32.
  expect(ms).toBeGreaterThanOrEqual(62);
  expect(link.counts).toMatchObject({ lost: 1, lostMs: 63 });
});

test('as many segments are lost as the chance says, and the same ones for the same seed', async () => {
  const counted = async (seed: number) => {
    const link = await openLinkTo(echo, { seed, faults: { up: { loss: { chance: 0.05, baseMs: 0 } } } });
    const end = await openEnd(link);
    // A piece of its own each, whatever the reads are.
    for (let n = 1; n <= 400; n += 1) {
      end.socket.write('s');
      await expect.poll(() => end.text().length, { interval: 1 }).toBe(n);
    }
    return link.counts.lost;
  };
  const first = await counted(7);
  expect(first).toBeGreaterThan(5);
  expect(first).toBeLessThan(45);
  expect(await counted(7)).toBe(first);
});

test('a drip lets so many bytes a second through', async () => {
  const link = await openLinkTo(echo, { faults: { up: { bytesPerSecond: 2_000 } } });
  const { ms } = await roundTrip(link, 'x'.repeat(600));
  expect(ms).toBeGreaterThan(200);
});

test('what is late arrives at once when the link heals', async () => {
  const link = await openLinkTo(echo, { faults: { up: { bytesPerSecond: 1 }, down: { delayMs: 60_000 } } });
  const end = await openEnd(link);
  end.socket.write('x'.repeat(10_000));
  await expect.poll(() => link.counts.bytesUp).toBeGreaterThan(0);
  expect(end.text()).toBe('');
  link.set({});
  await expect.poll(end.text, { interval: 2 }).toHaveLength(10_000);
});

test('a sender that is faster than the link is made to wait, and goes on when the link does', async () => {
  const link = await openLinkTo((socket) => socket.resume(), { faults: { up: { delayMs: 60_000 } } });
  const end = await openEnd(link);
  let taken = false;
  const size = 64 << 20;
  end.socket.write(Buffer.alloc(size, 120), () => {
    taken = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(taken).toBe(false);
  link.set({});
  await expect.poll(() => link.counts.bytesUp).toBe(size);
  expect(taken).toBe(true);
});

test('a new connection carries nothing before its handshake, and one that is healed waits no longer', async () => {
  const link = await openLinkTo(echo, { faults: { openMs: 60, up: { delayMs: 30 } } });
  const { end, ms } = await roundTrip(link, 'one');
  expect(ms).toBeGreaterThanOrEqual(88);
  link.set({ openMs: 600_000 });
  const later = await openEnd(link);
  later.socket.write('two');
  end.socket.write('three');
  // Open already: nothing to wait for.
  await expect.poll(end.text, { interval: 2 }).toBe('onethree');
  link.set({});
  await expect.poll(later.text, { interval: 2 }).toBe('two');
});
