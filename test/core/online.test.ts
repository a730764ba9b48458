import { describe, expect, it } from 'vitest';
import { goOffline } from '../support/console/acts.ts';
import { attachedByOther, someBytes, statesOf } from '../support/console/attach.ts';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { sha256Of } from '../support/console/memory-blobs.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

const OLD = uuid(3_000);
let request = 7_000;

/** A ticket closed so long ago that no console holds it, and one that every console holds. */
async function sceneWithOldTicket(daysAgo = 0): Promise<{ scene: Scene; rig: ConsoleRig }> {
  const scene = createScene();
  const by = (type: string, payload: unknown) => scene.store.act(actors.ana, OLD, type, payload);
  by('register', { ...call, subject: 'Correo de hace un año' });
  by('claim', {});
  by('resolve', { solution: 'se cambió la clave', duringCall: false });
  by('close', {});
  expect(scene.store.tickets.get(OLD)?.status).toBe('closed');
  await scene.time.advance(daysAgo * 86_400_000);
  scene.store.outside.add(OLD);
  scene.store.act(actors.beto, uuid(3_001), 'register', { ...call, subject: 'Correo de hoy' });
  return { scene, rig: await signedIn(scene) };
}
const act = (rig: ConsoleRig, type: 'addNote' | 'reopen', payload: unknown) =>
  rig.must('acts.submit', {
    requestId: uuid(request++),
    atomic: false,
    acts: [{ ticketId: OLD, type, payload }],
    clearDraft: null,
  });
const note = (rig: ConsoleRig, text: string) => act(rig, 'addNote', { visibility: 'public', text });
const opened = async (rig: ConsoleRig) => required(await rig.must('ticket.getOnline', { ticketId: OLD }));

describe('tickets that this console does not hold', () => {
  it('SY7: are found at the store, with names from here, and stay out of the cache', async () => {
    const { rig } = await sceneWithOldTicket();
    expect(rig.cache().shown(OLD)).toBeNull();
    const found = await rig.must('search.store', { text: 'correo' });
    expect(found).toMatchObject({ more: false, closedWindowDays: 90 });
    expect(found.rows).toMatchObject([
      {
        id: OLD,
        subject: 'Correo de hace un año',
        status: 'closed',
        siteName: 'Lima',
        assigneeName: 'Ana',
        unread: false,
      },
    ]);
    expect((await rig.must('search.store', { text: 'impresora' })).rows).toEqual([]);
    expect(rig.cache().shown(OLD)).toBeNull();
  });

  it('SY7: are read whole at the store, for whom they are in scope', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    const view = await opened(rig);
    expect(view.ticket).toEqual(scene.store.tickets.get(OLD));
    expect(view.entries.map(({ event, pending }) => [event.type, pending])).toEqual(
      required(scene.store.entries.get(OLD)).map(({ event }) => [event.type, null]),
    );
    expect(view.names).toMatchObject({ [ids.ana]: 'Ana', [ids.lima]: 'Lima' });
    expect(view.allowed).toContain('reopen');
    expect([view.seenVersion, view.pendingActs, view.refused, view.relatives]).toEqual([
      view.ticket.version,
      0,
      [],
      [],
    ]);
    rig.link.grant = { personId: ids.sofia, everything: false, siteIds: [ids.puno], teamIds: [] };
    expect(await rig.must('ticket.getOnline', { ticketId: OLD })).toBeNull();
    expect(await rig.must('ticket.getOnline', { ticketId: uuid(9_999) })).toBeNull();
  });

  it('one that is held can be opened so too, with its pending acts', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    rig.link.next.push = [{ kind: 'retryAfter', ms: 60_000, attempts: false }];
    await rig.must('acts.submit', {
      requestId: uuid(request++),
      atomic: false,
      acts: [{ ticketId: uuid(3_001), type: 'addNote', payload: { visibility: 'public', text: 'aquí' } }],
      clearDraft: null,
    });
    const view = required(await rig.must('ticket.getOnline', { ticketId: uuid(3_001) }));
    expect(view.entries.map(({ event, pending }) => [event.type, pending])).toEqual([
      ['registered', null],
      ['noteAdded', 'waiting'],
    ]);
    expect(view.ticket).toEqual(rig.cache().shown(uuid(3_001)));
    expect(scene.store.tickets.get(uuid(3_001))?.noteCount).toBe(0);
  });

  it.each([
    ['offline', { kind: 'offline' }, 'offline'],
    ['ended', { kind: 'sessionRevoked' }, 'sessionExpired'],
    ['untrusted', { kind: 'certificateUntrusted' }, 'certificateUntrusted'],
    ['too old', { kind: 'storeTooOld' }, 'offline'],
    ['restored meanwhile', { kind: 'epoch' }, 'offline'],
  ] as const)('a store that is %s has a named error, and nothing is shown for found', async (_, failure, code) => {
    const { rig } = await sceneWithOldTicket();
    rig.link.next.search = [failure];
    expect(await rig.call('search.store', { text: 'correo' })).toMatchObject({ ok: false, error: { code } });
    rig.link.revoked.clear();
    const again = await sceneWithOldTicket();
    again.rig.link.next.rows = [failure];
    expect(await again.rig.call('ticket.getOnline', { ticketId: OLD })).toMatchObject({ ok: false, error: { code } });
    expect(bugsOf(again.rig)).toEqual([]);
  });

  it('SY1 SY9: an act on one that was opened goes by the outbox, and only by it', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    expect((await note(rig, 'a ciegas')).results).toMatchObject([{ ok: false, refusal: { code: 'ticketUnknown' } }]);
    await opened(rig);
    await goOffline(scene, rig);
    expect((await note(rig, 'llamó otra vez')).results).toMatchObject([{ ok: true }]);
    expect(rig.commands()).toMatchObject([{ state: 'waiting', label: { subject: 'Correo de hace un año' } }]);
    expect(required(rig.commands()[0]).wire.seenVersion).toBe(scene.store.tickets.get(OLD)?.version);
    // Not held, so neither shown in a queue nor doubted.
    expect([rig.cache().overlaid(), rig.cache().shown(OLD)]).toEqual([[], null]);
    const next = await rig.crash();
    expect(next.cache().overlaid()).toEqual([]);
    next.link.down = null;
    await scene.time.advance(120_000);
    expect(next.commands()).toMatchObject([{ state: 'applied' }]);
    expect(next.cache().shown(OLD)).toBeNull();
    const view = await opened(next);
    expect(view.entries.at(-1)).toMatchObject({ event: { type: 'noteAdded', text: 'llamó otra vez' }, pending: null });
    expect(view.entries.filter(({ event }) => event.type === 'noteAdded')).toHaveLength(1);
    expect(bugsOf(next)).toEqual([]);
  });

  it('SY5: what waits shows over what the store has when it is opened', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    await opened(rig);
    rig.link.next.push = [{ kind: 'retryAfter', ms: 60_000, attempts: false }];
    await note(rig, 'uno');
    await note(rig, 'dos');
    const waiting = await opened(rig);
    expect(waiting.entries.slice(-2)).toMatchObject([
      { event: { text: 'uno' }, pending: 'waiting' },
      { event: { text: 'dos' }, pending: 'waiting' },
    ]);
    expect([waiting.pendingActs, waiting.ticket.noteCount]).toEqual([2, 2]);
    await scene.time.advance(120_000);
    const sent = await opened(rig);
    expect(sent.entries.map(({ pending }) => pending).filter((mark) => mark !== null)).toEqual([]);
    expect([sent.pendingActs, sent.ticket]).toEqual([0, scene.store.tickets.get(OLD)]);
  });

  it('SY4: one that is reopened comes with the next pull, whole, and is held from then on', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    await opened(rig);
    expect((await act(rig, 'reopen', { reason: 'volvió a fallar' })).results).toMatchObject([{ ok: true }]);
    await scene.time.advance(60_000);
    expect(rig.cache().shown(OLD)).toEqual(scene.store.tickets.get(OLD));
    expect(rig.cache().baseEntries(OLD)).toEqual(scene.store.entries.get(OLD));
    expect(rig.cache().overlaid()).toEqual([]);
    expect((await note(rig, 'ya está aquí')).results).toMatchObject([{ ok: true }]);
    expect(rig.cache().shown(OLD)?.noteCount).toBe(1);
  });

  it('SY9: an act that the store refuses is on the panel, and with the ticket when it is opened', async () => {
    // Only the store counts the days within which a ticket can be reopened.
    const { scene, rig } = await sceneWithOldTicket(40);
    await opened(rig);
    await act(rig, 'reopen', { reason: 'volvió a fallar' });
    await note(rig, 'y esto');
    await scene.time.advance(120_000);
    expect(rig.commands().map(({ state }) => state)).toEqual(['refused', 'applied']);
    const view = await opened(rig);
    expect(view.ticket).toEqual(scene.store.tickets.get(OLD));
    expect(view.refused).toMatchObject([
      {
        type: 'reopen',
        payload: { reason: 'volvió a fallar' },
        state: 'refused',
        ticketSubject: 'Correo de hace un año',
      },
    ]);
    await rig.must('outbox.dismiss', { commandId: view.refused[0]?.commandId ?? '' });
    expect((await opened(rig)).refused).toEqual([]);
  });

  it('what was opened is kept for the last few tickets, never for another person', async () => {
    const { scene, rig } = await sceneWithOldTicket();
    for (let n = 0; n < 40; n += 1) {
      scene.store.act(actors.ana, uuid(4_000 + n), 'register', call);
      scene.store.act(actors.ana, uuid(4_000 + n), 'cancel', { reason: 'x' });
    }
    await opened(rig);
    for (let n = 0; n < 40; n += 1) await rig.must('ticket.getOnline', { ticketId: uuid(4_000 + n) });
    expect((await note(rig, 'a ciegas')).results).toMatchObject([{ ok: false, refusal: { code: 'ticketUnknown' } }]);
    await opened(rig);
    await rig.must('session.signOut', { erase: false });
    await rig.must('session.signIn', { user: 'beto', password: 'right' });
    await scene.time.advance(1_000);
    expect((await note(rig, 'de otro')).results).toMatchObject([{ ok: false, refusal: { code: 'ticketUnknown' } }]);
  });
});

describe('files of a ticket that this console does not hold', () => {
  async function withFile() {
    const { scene, rig } = await sceneWithOldTicket();
    const bytes = someBytes(3_000);
    const { attachmentId } = attachedByOther(scene, actors.ana, OLD, bytes, sha256Of(bytes));
    const pull = async () => {
      scene.store.act(actors.beto, uuid(3_001), 'addNote', { visibility: 'public', text: 'algo nuevo' });
      await scene.time.advance(60_000);
    };
    await opened(rig);
    await rig.must('attachments.fetch', { ticketId: OLD, attachmentId });
    await scene.time.advance(10_000);
    const read = () => rig.call('attachments.read', { ticketId: OLD, attachmentId, offset: 0 });
    const here = async () =>
      (await statesOf(rig, OLD)).some((state) => state.attachmentId === attachmentId && state.here);
    expect(await here()).toBe(true);
    return { scene, rig, pull, read, here, bytes };
  }

  it('C135: stay through the pulls that follow while it is looked at, and are news when they go', async () => {
    const { scene, rig, pull, read, here, bytes } = await withFile();
    await pull();
    expect(await here()).toBe(true);
    expect(await read()).toMatchObject({ ok: true, value: { size: bytes.length } });
    // Reading it now and then keeps it; nobody at it for a working day does not.
    await scene.time.advance(7 * 3_600_000);
    expect((await read()).ok).toBe(true);
    await scene.time.advance(7 * 3_600_000);
    await pull();
    expect(await here()).toBe(true);
    await scene.time.advance(2 * 3_600_000);
    rig.news.length = 0;
    await pull();
    expect(await here()).toBe(false);
    expect(rig.news).toContainEqual(expect.objectContaining({ view: 'attachments' }));
    expect(rig.blobs().files.size).toBe(0);
    expect(bugsOf(rig)).toEqual([]);
  });

  it('SY7 C135: go at once when the store does not show the ticket any more', async () => {
    const { rig, here } = await withFile();
    rig.link.grant = { personId: ids.sofia, everything: false, siteIds: [ids.puno], teamIds: [] };
    rig.news.length = 0;
    expect(await rig.must('ticket.getOnline', { ticketId: OLD })).toBeNull();
    expect(rig.blobs().files.size).toBe(0);
    expect(await here()).toBe(false);
    expect(rig.news).toContainEqual(expect.objectContaining({ view: 'attachments' }));
  });

  it('SY7 C135: go with it once it was held meanwhile', async () => {
    const { scene, rig, pull, here } = await withFile();
    await act(rig, 'reopen', { reason: 'volvió a fallar' });
    await scene.time.advance(60_000);
    expect(rig.cache().shown(OLD)).not.toBeNull();
    expect(await here()).toBe(true);
    expect(rig.cache().transaction((tx) => tx.removeTicket(OLD)).ok).toBe(true);
    await pull();
    expect(rig.blobs().files.size).toBe(0);
  });

  it('SY7 C135: are kept by no other process than the one that opened it', async () => {
    const { scene, rig } = await withFile();
    const next = await rig.crash();
    await scene.time.advance(60_000);
    expect(next.blobs().files.size).toBe(0);
    expect(bugsOf(next)).toEqual([]);
  });
});
