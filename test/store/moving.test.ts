import { expect, it } from 'vitest';
import { createConsole, ticketId } from '../contract/desk/console.ts';
import { memoryPorts } from '../contract/desk/memory-ports.ts';
import { createRig } from '../contract/desk/rig.ts';
import { people, person, sites } from '../contract/desk/world.ts';

it('SY4 past ten thousand places of the log everything is moving, and one place fewer only what changed', async () => {
  const rig = await createRig(async () => memoryPorts());
  const admin = createConsole(rig, 'admin');
  await admin.register(1);
  const { deskId } = await admin.principal();
  const cursor = (await rig.desks.mark(deskId)).seq;
  const change = person(people.rosa, 'Rosa', sites.lima, false);
  await rig.putDirectory(Array.from({ length: 10_000 }, () => change));
  const asked = [{ e: 'ticket' as const, id: ticketId(1) }];
  expect(await admin.digest(cursor)).toMatchObject({ value: { moving: [], movingDirectory: ['person'] } });
  expect(await admin.rows(cursor, asked)).toMatchObject({ value: [{ e: 'ticket' }, { e: 'entry' }, { rows: 2 }] });

  await rig.putDirectory([change]);
  const digest = await admin.digest(cursor);
  if (!digest.ok) throw new Error(digest.error.code);
  expect(digest.value.moving).toHaveLength(256);
  expect(digest.value.movingDirectory).toHaveLength(7);
  expect(await admin.digestRows(cursor, [37], ['site'])).toMatchObject({
    value: { rows: [], moving: [37], movingDirectory: ['site'] },
  });
  expect(await admin.rows(cursor, asked)).toMatchObject({ value: [{ t: 'end', rows: 0 }] });
});
