import { describe, expect, it } from 'vitest';
import { goOffline, input, note, notesAt, register, requestId, submit } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { spoilRow } from '../support/console/memory-outbox.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

describe('whose screen asks', () => {
  it('a window that still shows another person writes nothing in the name of this one, and throws nothing away', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await rig.must('drafts.save', { key: 'k', ticketId, content: 'de ana' });
    const { commandId } = required(rig.commands()[0]?.wire && { commandId: rig.commands()[0]?.wire.id });
    const personId = ids.beto;
    const acts = [{ ticketId, type: 'addNote' as const, payload: { visibility: 'internal', text: 'x' } }];
    const asked = { personId, requestId: requestId() };
    const clearDraft = { key: 'k', seenVersion: Number.MAX_SAFE_INTEGER };
    const answers = [
      await rig.call('acts.submit', { ...asked, atomic: true, acts, clearDraft }),
      await rig.call('acts.register', { ...asked, input, claim: false, resolveWith: null, clearDraft }),
      await rig.call('drafts.save', { personId, key: 'k', ticketId, content: 'de beto' }),
      await rig.call('drafts.discard', { personId, key: 'k' }),
      await rig.call('outbox.dismiss', { personId, commandId: required(commandId) }),
      await rig.call('outbox.reapply', { personId, commandId: required(commandId) }),
      await rig.call('remote.preview', { personId, ticketId, tool: 'rustdesk', assetId: ids.pc }),
      await rig.call('remote.launch', { ...asked, ticketId, tool: 'rustdesk', assetId: ids.pc, consent: 'verbal' }),
      await rig.call('remote.end', { ...asked, ticketId, sessionId: uuid(1), outcome: 'solved', note: '' }),
    ];
    for (const answer of answers) expect(answer).toEqual({ ok: false, error: { code: 'personChanged', params: {} } });
    expect(rig.commands()).toHaveLength(1);
    expect(rig.launches).toEqual([]);
    expect((await rig.must('drafts.get', { key: 'k' })).draft?.content).toBe('de ana');
    expect((await rig.must('drafts.save', { personId: ids.ana, key: 'k', ticketId, content: 'más' })).saved).toBe(true);
  });
});

describe('drafts', () => {
  it('threat 26: of two windows the second does not overwrite the first unseen: it gets the other text back', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const save = (content: string, seenVersion: number) =>
      rig.must('drafts.save', { key: 'k', ticketId: null, content, seenVersion });
    const one = await save('primera', 0);
    if (!one.saved) throw new Error(one.reason);
    expect(await save('segunda', 0)).toMatchObject({ saved: false, reason: 'conflict', draft: { content: 'primera' } });
    const two = await save('primera, seguida', one.version);
    if (!two.saved) throw new Error(two.reason);
    expect(await rig.must('drafts.discard', { key: 'k', seenVersion: one.version })).toMatchObject({
      kept: { content: 'primera, seguida' },
    });
    expect(await rig.must('drafts.discard', { key: 'k', seenVersion: two.version })).toEqual({ kept: null });
    // Gone and written again: an old version does not fit by chance.
    await save('otra', 0);
    for (const { version } of [one, two])
      expect(await save('vieja', version)).toMatchObject({ saved: false, draft: { content: 'otra' } });
  });

  it('SY1: what another window wrote since stays when the older text is sent, by whatever act, in a later process too', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    const save = async (content: string, seenVersion: number) => {
      const kept = await rig.must('drafts.save', { key: 'k', ticketId: null, content, seenVersion });
      return kept.saved ? kept.version : 0;
    };
    const seenVersion = await save('uno', 0);
    const last = await save('uno y dos', seenVersion);
    const clearDraft = { key: 'k', seenVersion };
    const acts = [{ ticketId, type: 'addNote' as const, payload: { visibility: 'internal', text: 'uno' } }];
    await rig.must('acts.submit', { requestId: requestId(), atomic: true, acts, clearDraft });
    await rig.must('acts.register', { requestId: requestId(), input, claim: false, resolveWith: null, clearDraft });
    const launch = { ticketId, tool: 'rustdesk', assetId: ids.pc, consent: 'verbal' } as const;
    const session = await rig.must('remote.launch', { requestId: requestId(), ...launch });
    const ended = { ticketId, sessionId: session.ok ? session.sessionId : '', outcome: 'solved', note: '' } as const;
    const end = await rig.must('remote.end', { requestId: requestId(), ...ended, clearDraft });
    expect(end.result.ok).toBe(true);
    const next = await rig.crash();
    const { draft } = await next.must('drafts.get', { key: 'k' });
    expect(draft).toMatchObject({ content: 'uno y dos', version: last });
    const now = { key: 'k', seenVersion: last };
    await next.must('acts.submit', { requestId: requestId(), atomic: true, acts, clearDraft: now });
    expect(await next.must('drafts.get', { key: 'k' })).toEqual({ draft: null });
  });

  it('SY2: sent under the id that its draft carries, a text is written once however often its answer is lost', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    const id = requestId();
    const acts = [{ ticketId, type: 'addNote' as const, payload: { visibility: 'internal', text: 'una vez' } }];
    const content = { text: 'una vez' };
    const kept = await rig.must('drafts.save', { key: 'k', ticketId, content, requestId: id });
    const clearDraft = { key: 'k', seenVersion: kept.saved ? kept.version : 0 };
    const send = (on: ConsoleRig) => on.must('acts.submit', { requestId: id, atomic: true, acts, clearDraft });
    expect((await rig.must('drafts.get', { key: 'k' })).draft?.requestId).toBe(id);
    const first = await send(rig);
    // The answer never reached the page: it keeps its text, is loaded again, and sends once more.
    const next = await rig.crash();
    expect(await next.must('drafts.save', { key: 'k', ticketId, content, requestId: id })).toEqual({
      saved: false,
      reason: 'sent',
      draft: null,
    });
    expect(await send(next)).toEqual(first);
    await scene.time.advance(60_000);
    expect(notesAt(scene, ticketId)).toEqual(['una vez']);
    expect((await next.must('drafts.list', {})).drafts).toEqual([]);
  });
});

describe('signing out for good', () => {
  it('SY9: what was refused and not put away keeps the files; put away, they may go', async () => {
    const scene = createScene();
    const contested = uuid(3_800);
    scene.store.act(actors.beto, contested, 'register', call);
    const rig = await signedIn(scene);
    await goOffline(scene, rig);
    await rig.must('acts.submit', {
      requestId: requestId(),
      atomic: true,
      acts: [{ ticketId: contested, type: 'claim', payload: {} }],
      clearDraft: null,
    });
    scene.store.act(actors.beto, contested, 'claim', {});
    rig.link.down = null;
    await scene.time.advance(60_000);
    const command = required(rig.commands()[0]);
    expect(['refused', 'parked']).toContain(command.state);
    expect(await rig.call('session.signOut', { erase: true })).toMatchObject({
      error: { code: 'pendingWork', params: { count: 1, unsent: 0, unsettled: 1 } },
    });
    await rig.must('outbox.dismiss', { commandId: command.wire.id });
    expect((await rig.call('session.signOut', { erase: true })).ok).toBe(true);
    expect(rig.disk.profiles.size).toBe(0);
  });

  it('SY10: a profile that was left with a row that nobody can read ends its contact', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    await note(rig, ticketId, 'rota');
    spoilRow(rig.outbox(), required(rig.commands()[1]).wire.id, '{"wire":');
    await rig.must('session.signOut', { erase: false });
    rig.link.down = null;
    await scene.time.advance(120_000);
    const asked = rig.link.transcript.length;
    await scene.time.advance(3_600_000);
    expect(rig.link.transcript.slice(asked)).toEqual([]);
    expect(rig.outbox().settings.get('sealedRefresh')).toBeUndefined();
    expect(rig.outbox().rows.size).toBe(2);
  });
});

describe('a command that something on the way lets through by no means', () => {
  it('SY1 SY3: is told and keeps its place; what waits behind it goes after it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    rig.link.tooLargeTypes = ['recordVisit'];
    await submit(rig, ticketId, 'recordVisit', { arrivedAt: 1, leftAt: null, text: 'larga' });
    await note(rig, ticketId, 'después');
    await scene.time.advance(300_000);
    expect((await rig.must('connection.get', {})).notices).toMatchObject([
      { kind: 'actTooLarge', params: { type: 'recordVisit', subject: call.subject } },
    ]);
    expect(await rig.must('connection.get', {})).toMatchObject({ state: 'online', pendingActs: 2 });
    expect(rig.commands().map(({ state }) => state)).toEqual(['applied', 'waiting', 'waiting']);
    rig.link.tooLargeTypes = [];
    await scene.time.advance(120_000);
    expect(rig.commands().map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
    expect((await rig.must('connection.get', {})).notices).toEqual([]);
  });
});

describe('a request that hangs', () => {
  it('SY10: “try again” gives it up for a new contact at once; what it carried has one effect', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    await note(rig, ticketId, 'una');
    rig.link.hangHellos = 1;
    rig.link.down = null;
    await scene.time.advance(60_000);
    expect(notesAt(scene, ticketId)).toEqual([]);
    await rig.must('connection.retryNow', {});
    await scene.time.advance(1_000);
    expect(notesAt(scene, ticketId)).toEqual(['una']);
    expect((await rig.must('connection.get', {})).state).toBe('online');
  });

  it('SY10: a push that hangs does not keep a stop waiting for it', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.hangPushes = 1;
    await register(rig);
    await scene.time.advance(100);
    const stopped = rig.core.stop().then(() => true);
    await scene.time.advance(10);
    expect(await Promise.race([stopped, Promise.resolve(false)])).toBe(true);
  });
});
