import { expect, test } from 'vitest';
import { FarPorts, MessageChannelMain, MessagePortMain, takeEnds } from './host/ports.ts';

type Given = { data: unknown; ports: MessagePortMain[] };
const heard = (port: MessagePortMain): unknown[] => {
  const list: unknown[] = [];
  port.on('message', ({ data }: Given) => list.push(data));
  return list;
};

/** Two sides of a wire in one process; what one sends arrives at the other a moment later, in order. */
function createWire(): { near: FarPorts; far: FarPorts } {
  const sides: { near?: FarPorts; far?: FarPorts } = {};
  const later = (run: () => void): void => void setImmediate(run);
  sides.near = new FarPorts(
    'n',
    (port, data, ports) => later(() => sides.far?.fromFar(port, data, ports)),
    (port) => later(() => sides.far?.closedByFar(port)),
  );
  sides.far = new FarPorts(
    'f',
    (port, data, ports) => later(() => sides.near?.fromFar(port, data, ports)),
    (port) => later(() => sides.near?.closedByFar(port)),
  );
  return { near: sides.near, far: sides.far };
}

test('what is posted before a port is started, or before it is even seen, waits in order', async () => {
  const { port1, port2 } = new MessageChannelMain();
  port1.postMessage(1);
  const { near, far } = createWire();
  const [end] = takeEnds([port2]);
  if (end === undefined) throw new Error('no end');
  const name = near.give(end);
  const adopted = far.adopt(name);
  port1.postMessage(2);
  await new Promise((resolve) => setTimeout(resolve, 10));
  port1.postMessage(3);
  const port = new MessagePortMain(adopted);
  const list = heard(port);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(list).toEqual([]);
  port.start();
  await expect.poll(() => list).toEqual([1, 2, 3]);
  const back = heard(port1);
  port1.start();
  port.postMessage('back');
  await expect.poll(() => back).toEqual(['back']);
});

test('a port inside a message crosses with it, and closing one end is heard at the other', async () => {
  const { port1, port2 } = new MessageChannelMain();
  const inner = new MessageChannelMain();
  const { near, far } = createWire();
  const [end] = takeEnds([port2]);
  if (end === undefined) throw new Error('no end');
  const port = new MessagePortMain(far.adopt(near.give(end)));
  port1.postMessage('take', [inner.port1]);
  const got = new Promise<Given>((resolve) => port.once('message', resolve));
  port.start();
  const [crossed] = (await got).ports;
  const list = heard(inner.port2);
  inner.port2.start();
  crossed?.postMessage('through');
  await expect.poll(() => list).toEqual(['through']);
  const closed = new Promise((resolve) => crossed?.once('close', () => resolve('closed')));
  inner.port2.close();
  expect(await closed).toBe('closed');
});

test('a port that was given away cannot be given again', () => {
  const { port1, port2 } = new MessageChannelMain();
  takeEnds([port2]);
  expect(() => port1.postMessage('x', [port2])).toThrow(TypeError);
});
