import { describe, expect, it } from 'vitest';
import { bugsOf, type ConsoleRig, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { ticketRow } from '../support/console/memory-store.ts';
import { actors, call, uuid } from '../support/world.ts';

const colleagues = uuid(300);

/**
 * A note of Ana's on a colleague's ticket. The store is restored to before the ticket, takes the note as an orphan, and carries it out
 * when the colleague's register is back.
 */
async function orphanCarriedOut(before: (rig: ConsoleRig, commandId: string) => Promise<void> = async () => {}) {
  const scene = createScene();
  const { store, time } = scene;
  const rig = await signedIn(scene);
  const restore = store.backup();
  store.act(actors.ana, colleagues, 'register', call);
  await time.advance(1_000);
  const acts = [{ ticketId: colleagues, type: 'addNote' as const, payload: { visibility: 'internal', text: 'única' } }];
  await rig.must('acts.submit', { requestId: uuid(90_001), atomic: true, acts, clearDraft: null });
  await time.advance(1_000);
  const entry = required(store.entries.get(colleagues)?.at(-1));
  restore(uuid(950));
  await time.advance(60_000);
  expect(rig.commands().map(({ state, outcome }) => [state, outcome?.ticketVersion])).toEqual([['parked', null]]);
  await before(rig, entry.commandId);
  // The desk's own: the register is back, and with it what waited for it.
  store.act(actors.ana, colleagues, 'register', call);
  const ticket = { ...required(store.tickets.get(colleagues)), noteCount: 1, version: 2 };
  const carried = { ...entry, seq: 2 };
  store.tickets.set(colleagues, ticket);
  store.entries.get(colleagues)?.push(carried);
  const rows = [ticketRow(ticket), { entity: 'entry' as const, row: carried, doc: JSON.stringify(carried) }];
  store.log.push({ seq: store.head() + 1, rows, before: ticket });
  for (const listener of store.listeners) listener.onNews(store.place());
  await time.advance(60_000);
  return { scene, rig, commandId: carried.commandId };
}

describe('a note that waited at the restored store for its ticket', () => {
  it('SY14: goes off the panel once it stands on the ticket, and not before', async () => {
    const { rig } = await orphanCarriedOut(async (waiting) => {
      expect(waiting.commands().map(({ dismissedAt }) => dismissedAt)).toEqual([null]);
    });
    expect(rig.cache().base(colleagues)).toMatchObject({ version: 2, noteCount: 1, parked: [] });
    expect(rig.commands().map(({ state, dismissedAt }) => [state, dismissedAt === null])).toEqual([['parked', false]]);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY2 C8: is not written a second time by somebody who applies it again', async () => {
    const { scene, rig, commandId } = await orphanCarriedOut();
    expect(await rig.call('outbox.reapply', { commandId })).toMatchObject({
      ok: false,
      error: { code: 'badRequest', params: { reason: 'settled' } },
    });
    await scene.time.advance(10_000);
    const notes = (scene.store.entries.get(colleagues) ?? []).filter(({ event }) => event.type === 'noteAdded');
    expect(notes).toHaveLength(1);
  });

  it('SY2 C8: nor between the pull that brings it and the panel', async () => {
    const { rig, commandId } = await orphanCarriedOut();
    const row = required(rig.outbox().rows.get(commandId));
    if (row.kind !== 'command') throw new Error('a command that can be read');
    rig.outbox().rows.set(commandId, { ...row, command: { ...row.command, dismissedAt: null } });
    expect(await rig.call('outbox.reapply', { commandId })).toMatchObject({ ok: false });
    expect(rig.commands().map(({ dismissedAt }) => dismissedAt)).not.toContain(null);
  });
});
