import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../../../torture/link/fault-proxy.ts';
import type { LinkFaults } from '../../../torture/link/faults.ts';
import { listen } from './ends.ts';

/** A store with a stream of news that the test writes, and a plain answer beside it. */
async function openStore(faults: LinkFaults): Promise<{ link: FaultProxy; streams: ServerResponse[] }> {
  const streams: ServerResponse[] = [];
  const server = createServer((incoming, outgoing) => {
    if (incoming.url !== '/poke') {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    outgoing.flushHeaders();
    streams.push(outgoing);
  });
  const port = await listen(server);
  const link = await createFaultProxy({ target: { host: '127.0.0.1', port }, seed: 1, faults });
  onTestFinished(async () => {
    await link.close();
    server.closeAllConnections();
    server.close();
  });
  return { link, streams };
}

const ask = (link: FaultProxy, path: string, heard: string[]) =>
  get(`${link.url}${path}`, (answer: IncomingMessage) => {
    heard.push('head');
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => heard.push(text));
    answer.on('end', () => heard.push('end'));
    answer.on('error', () => undefined);
  });

test('a held event stream keeps even its head back until there are so many bytes; other answers pass', async () => {
  const { link, streams } = await openStore({ holdStreams: { bytes: 1_000, ms: 60_000 } });
  const heard: string[] = [];
  ask(link, '/poke', heard);
  await expect.poll(() => streams.length).toBe(1);
  streams[0]?.write('event: news\ndata: 1\n\n');
  const plain: string[] = [];
  ask(link, '/hello', plain);
  await expect.poll(() => plain).toEqual(['head', '{}', 'end']);
  expect(heard).toEqual([]);
  expect(link.counts.heldStreams).toBe(1);

  streams[0]?.write(`: ${'x'.repeat(1_000)}\n\n`);
  await expect.poll(() => heard.join('')).toContain('headevent: news\ndata: 1\n\n: xxx');
  streams[0]?.write('event: news\ndata: 2\n\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard.join('')).not.toContain('data: 2');
  // The stream is over, so the answer is whole.
  streams[0]?.end();
  await expect.poll(() => heard.join('')).toContain('data: 2\n\nend');
});

test('a held event stream is let go after so much time, and when the link heals', async () => {
  const { link, streams } = await openStore({ holdStreams: { bytes: 1 << 20, ms: 80 } });
  const heard: string[] = [];
  const began = performance.now();
  ask(link, '/poke', heard);
  await expect.poll(() => heard, { interval: 2 }).toEqual(['head']);
  expect(performance.now() - began).toBeGreaterThan(75);

  link.set({ holdStreams: { bytes: 1 << 20, ms: 60_000 } });
  streams[0]?.write('data: 3\n\n');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(heard).toEqual(['head']);
  link.set({});
  await expect.poll(() => heard).toEqual(['head', 'data: 3\n\n']);
});
