import { expect, it } from 'vitest';
import type { ConsoleClient } from '../../src/protocol/console/client.ts';
import { consoleMethods, isConsoleMethod } from '../../src/protocol/console/methods.ts';
import { askedClient, askedMethods } from '../../src/renderer/client/asked-client.ts';
import { ok } from '../../src/shared/result.ts';

const person = '00000000-0000-7000-8000-000000000001';

it('every method that can say whose screen asks, says so', () => {
  const takesIt = Object.keys(consoleMethods).filter((name) => {
    const field = isConsoleMethod(name) ? Object.entries(consoleMethods[name].params.shape) : [];
    return field.some(([key, schema]) => key === 'personId' && schema.safeParse(undefined).success);
  });
  expect([...askedMethods].sort()).toEqual(takesIt.sort());
});

it('an act carries the person of the screen; a query is left as it is', async () => {
  const calls: unknown[] = [];
  const client: ConsoleClient = {
    call: async (method, params) => {
      calls.push([method, params]);
      return ok({} as never);
    },
    subscribe: () => () => {},
    close: () => {},
  };
  const mine = askedClient(client, person);
  await mine.call('outbox.dismiss', { commandId: person });
  await mine.call('connection.get', {});
  expect(calls).toEqual([
    ['outbox.dismiss', { commandId: person, personId: person }],
    ['connection.get', {}],
  ]);
});
