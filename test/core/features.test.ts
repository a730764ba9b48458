import { describe, expect, it } from 'vitest';
import { refreshFrom } from '../../src/core/features/outbox/refresh-from.ts';
import { isUnread } from '../../src/core/queries/is-unread.ts';
import { namesMentioned } from '../../src/core/queries/names-mentioned.ts';
import { pendingMark } from '../../src/core/queries/pending-mark.ts';
import { type ConsoleMethod, consoleMethods } from '../../src/protocol/console/methods.ts';
import { goOffline, requestId, takeCall } from '../support/console/acts.ts';
import { createScene, required, signedIn } from '../support/console/console-rig.ts';
import { actors, call, claimed, ids, registered, ticketAfter, uuid } from '../support/world.ts';

describe('the contract', () => {
  it('every method that runs in the engine answers; the others do not', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    for (const method of Object.keys(consoleMethods) as ConsoleMethod[]) {
      const answer = await rig.core.handle(method, { not: 'what it wants', requestId: 'x' });
      const runs = consoleMethods[method].runs;
      if (runs !== 'act')
        expect(answer).toEqual({ ok: false, error: { code: 'badRequest', params: { reason: 'notHere' } } });
      else if (!answer.ok) expect(answer.error.code).not.toBe('internal');
    }
    for (const method of [
      'session.get',
      'connection.get',
      'drafts.list',
      'preferences.get',
      'session.trialAccounts',
    ] as const) {
      const answer = await rig.must(method, {});
      expect(consoleMethods[method].result.safeParse(answer).error).toBeUndefined();
    }
  });

  it('before a sign-in nothing that needs a person works, and says so', async () => {
    const rig = createScene().boot();
    rig.core.start();
    expect(await rig.call('drafts.list', {})).toEqual({ ok: false, error: { code: 'notSignedIn', params: {} } });
    expect((await rig.must('connection.get', {})).state).toBe('signedOut');
    expect(await rig.call('session.signIn', { user: 'ana', password: 'wrong' })).toMatchObject({
      error: { code: 'badCredentials' },
    });
    expect(await rig.must('preferences.set', { language: 'en' })).toMatchObject({ language: 'en', theme: 'system' });
  });
});

describe('drafts and marks', () => {
  it('threat 26: a half-written text survives the process, and becomes an act once', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await takeCall(rig);
    const key = `${ticketId}:note`;
    await rig.must('drafts.save', { key, ticketId, content: { text: 'a medi' } });
    const next = await rig.crash();
    const draft = required((await next.must('drafts.get', { key })).draft);
    expect(draft).toMatchObject({ ticketId, content: { text: 'a medi' } });
    await next.must('acts.submit', {
      requestId: requestId(),
      atomic: false,
      acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text: 'a medias' } }],
      clearDraft: { key, seenVersion: draft.version },
    });
    expect((await next.must('drafts.list', {})).drafts).toEqual([]);
  });

  it('what somebody does while the first fill still runs is news: marks begin with the sign-in, not with the end of the fill', async () => {
    const scene = createScene();
    for (let n = 0; n < 6; n += 1) scene.store.act(actors.beto, uuid(4_000 + n), 'register', call);
    await scene.time.advance(1_000);
    const rig = scene.boot();
    rig.link.pageRows = 2;
    rig.core.start();
    let late = 0;
    rig.core.onNews((news) => {
      // After a page of the fill, before its end: one ticket that the pin knows, as the snapshot has it and as a delta brings it.
      if (news.view !== 'connection' || late > 0 || rig.cache().meta().fill === null) return;
      late = scene.time.now();
      scene.store.act(actors.beto, uuid(4_003), 'claim', {});
    });
    await rig.must('session.signIn', { user: 'ana', password: 'right' });
    await scene.time.advance(5_000);
    expect(late).toBeGreaterThan(0);
    const baseline = required(rig.outbox().seenBaseline);
    const entries = (n: number) => rig.cache().baseEntries(uuid(4_000 + n));
    const news = [0, 1, 2, 3, 4, 5].filter((n) => {
      const last = required(entries(n).at(-1));
      return isUnread({ seq: last.seq, recordedAt: last.recordedAt ?? 0 }, null, baseline);
    });
    expect(news).toEqual([3]);
  });

  it('what a first fill brought is not news; what others do later is, until it is seen', async () => {
    const scene = createScene();
    scene.store.act(actors.beto, uuid(4_000), 'register', call);
    const rig = await signedIn(scene);
    const baseline = required(rig.outbox().seenBaseline);
    expect(isUnread({ seq: 1, recordedAt: baseline }, null, baseline)).toBe(false);
    await scene.time.advance(5_000);
    scene.store.act(actors.beto, uuid(4_000), 'claim', {});
    await scene.time.advance(1_000);
    const last = required(rig.cache().baseEntries(uuid(4_000)).at(-1));
    const others = { seq: last.seq, recordedAt: last.recordedAt ?? 0 };
    expect(isUnread(others, null, baseline)).toBe(true);
    await rig.must('ticket.markSeen', { ticketId: uuid(4_000), version: 2 });
    await rig.must('ticket.markSeen', { ticketId: uuid(4_000), version: 1 });
    expect(isUnread(others, required(rig.outbox().seen.get(uuid(4_000))), baseline)).toBe(false);
    await rig.must('ticket.markAllSeen', {});
    expect(rig.outbox().seenBaseline).toBe(others.recordedAt);
  });
});

describe('remote sessions', () => {
  it('the start is on the disk before anything is launched, once however often it is asked', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await takeCall(rig);
    expect(await rig.must('remote.preview', { ticketId, tool: 'rustdesk', assetId: ids.pc })).toMatchObject({
      target: '123456789',
      personName: 'Clerk',
      deviceLabel: '740899500123 · PUNO-INS-014',
    });
    const params = { requestId: requestId(), ticketId, tool: 'rustdesk', assetId: ids.pc, consent: 'verbal' } as const;
    const first = await rig.must('remote.launch', params);
    expect(first).toMatchObject({ ok: true, launched: true });
    expect(await rig.must('remote.launch', params)).toEqual(first);
    expect(rig.launches).toEqual([{ kind: 'url', url: 'rustdesk://123456789', target: '123456789' }]);
    const sessionId = first.ok ? first.sessionId : '';
    const draft = { key: 'ticket:remoteEnd', ticketId, content: { text: 'casi' } };
    const kept = await rig.must('drafts.save', draft);
    if (!kept.saved) throw new Error(kept.reason);
    const end = {
      requestId: requestId(),
      ticketId,
      sessionId,
      outcome: 'solved',
      note: '',
      clearDraft: { key: draft.key, seenVersion: kept.version },
    } as const;
    await rig.must('remote.end', end);
    expect(await rig.must('drafts.get', { key: draft.key })).toEqual({ draft: null });
    await scene.time.advance(1_000);
    expect(required(scene.store.entries.get(ticketId)).map((entry) => entry.event.type)).toEqual([
      'registered',
      'claimed',
      'remoteSessionStarted',
      'remoteSessionEnded',
    ]);
  });

  it('threat 27: a start that cannot be written launches nothing', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await takeCall(rig);
    await scene.time.advance(1_000);
    rig.faults.storage = { code: 'diskFull' };
    const params = { requestId: requestId(), ticketId, tool: 'rustdesk', assetId: ids.pc, consent: 'verbal' } as const;
    expect(await rig.call('remote.launch', params)).toMatchObject({ ok: false, error: { code: 'diskFull' } });
    expect(rig.launches).toEqual([]);
    expect(await rig.call('remote.preview', { ticketId, tool: 'ssh', assetId: ids.pc })).toMatchObject({
      error: { code: 'noRemoteAddress' },
    });
  });
});

describe('settled acts', () => {
  it('re-applying writes the same content over what is there now, and takes the parked one off', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await takeCall(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    const edit = { changes: { subject: { from: call.subject, to: 'Mío' } } };
    await rig.must('acts.submit', {
      requestId: requestId(),
      atomic: false,
      acts: [{ ticketId, type: 'editFields', payload: edit }],
      clearDraft: null,
    });
    scene.store.act(actors.sofia, ticketId, 'editFields', { changes: { subject: { from: call.subject, to: 'Suyo' } } });
    rig.link.down = null;
    await scene.time.advance(120_000);
    const parked = required(rig.commands().find((command) => command.state === 'parked'));
    expect(rig.cache().shown(ticketId)).toMatchObject({ subject: 'Suyo', parked: [{ commandId: parked.wire.id }] });
    expect(await rig.must('outbox.reapply', { commandId: parked.wire.id })).toMatchObject({ result: { ok: true } });
    const written = rig.commands().length;
    // The impatient second click, or another window.
    expect(await rig.call('outbox.reapply', { commandId: parked.wire.id })).toMatchObject({
      error: { code: 'badRequest', params: { reason: 'settled' } },
    });
    expect(rig.commands()).toHaveLength(written);
    await scene.time.advance(1_000);
    expect(scene.store.tickets.get(ticketId)).toMatchObject({ subject: 'Mío', parked: [] });
    expect(required(rig.commands().find((command) => command.wire.id === parked.wire.id)).dismissedAt).not.toBeNull();
  });

  it('what the store has not answered cannot be dismissed', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    await goOffline(scene, rig);
    await takeCall(rig);
    const commandId = required(rig.commands()[0]).wire.id;
    expect(await rig.call('outbox.dismiss', { commandId })).toMatchObject({ error: { code: 'badRequest' } });
  });

  it('a command newer than the store holds the queue, says so, and goes out when the store can read it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    scene.store.tooOldFor = 'claim';
    await takeCall(rig);
    await scene.time.advance(2_000);
    expect(rig.commands().map((command) => command.state)).toEqual(['applied', 'held']);
    scene.store.tooOldFor = null;
    await scene.time.advance(400_000);
    expect(rig.commands().map((command) => command.state)).toEqual(['applied', 'applied']);
  });

  it('refreshes every `from` and no `to`', () => {
    const ticket = ticketAfter([actors.ana, registered], [actors.ana, claimed]);
    expect(refreshFrom('editFields', { changes: { subject: { from: 'a', to: 'b' } } }, ticket)).toEqual({
      changes: { subject: { from: ticket.subject, to: 'b' } },
    });
    expect(refreshFrom('changeMode', { mode: { from: null, to: 'remote' } }, ticket)).toEqual({
      mode: { from: 'phone', to: 'remote' },
    });
    expect(refreshFrom('changeStatus', { from: 'new', to: 'pending' }, ticket)).toEqual({
      from: 'assigned',
      to: 'pending',
    });
    expect(refreshFrom('addNote', { text: 'x' }, ticket)).toEqual({ text: 'x' });
  });
});

describe('rules for the reader', () => {
  it('finds every row that a ticket and its timeline mention', async () => {
    const scene = createScene();
    scene.store.act(actors.beto, uuid(4_100), 'register', call);
    scene.store.act(actors.sofia, uuid(4_100), 'editFields', {
      changes: { siteId: { from: ids.lima, to: ids.cusco } },
    });
    const found = namesMentioned(
      required(scene.store.tickets.get(uuid(4_100))),
      required(scene.store.entries.get(uuid(4_100))),
    );
    expect([...found.site].sort()).toEqual([ids.lima, ids.cusco].sort());
    expect([...found.person].sort()).toEqual([ids.beto, ids.sofia, ids.clerk].sort());
    expect([...found.service]).toEqual([ids.mail]);
    expect([...found.team]).toEqual([ids.team1]);
  });

  it('marks an entry until the store has answered', () => {
    expect(pendingMark('waiting', false)).toBe('waiting');
    expect(pendingMark('sending', true)).toBe('doubtful');
    expect(pendingMark('held', true)).toBe('held');
    expect(pendingMark('applied', false)).toBeNull();
    expect(pendingMark(null, false)).toBeNull();
  });
});
