import { describe, expect, it } from 'vitest';
import { requestId } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, emptyDisk, required, signedIn } from '../support/console/console-rig.ts';
import { spoilRow } from '../support/console/memory-outbox.ts';
import { actors, ids } from '../support/world.ts';

const input = {
  kind: 'incident',
  subKind: 'software',
  channel: 'phone',
  mode: 'phone',
  serviceId: ids.mail,
  requester: { personId: ids.clerk },
  orgUnitId: ids.unit,
  siteId: ids.lima,
  subject: 'No abre el correo',
  description: 'Desde ayer.',
  impact: 'low',
  urgency: 'medium',
  assetId: ids.pc,
} as const;

const register = async (rig: ConsoleRig, extra: { claim?: boolean; resolveWith?: string } = {}) => {
  const answer = await rig.must('acts.register', {
    requestId: requestId(),
    input,
    claim: extra.claim ?? false,
    resolveWith: extra.resolveWith ?? null,
    clearDraft: null,
  });
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer;
};
const act = async (rig: ConsoleRig, ticketId: string, type: 'addNote' | 'claim' | 'escalate', payload: unknown) => {
  const { results } = await rig.must('acts.submit', {
    requestId: requestId(),
    atomic: false,
    acts: [{ ticketId, type, payload }],
    clearDraft: null,
  });
  return required(results[0]);
};
const note = (rig: ConsoleRig, ticketId: string, text: string) =>
  act(rig, ticketId, 'addNote', { visibility: 'internal', text });
const connection = async (rig: ConsoleRig) => rig.must('connection.get', {});

describe('one console and a store', () => {
  it('SY1 SY2 R15: a call answered at once is saved, sent, numbered, and shown once', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    expect((await connection(rig)).state).toBe('online');
    const done = await register(rig, { resolveWith: 'Se reinició Outlook.' });
    expect(rig.cache().shown(done.ticketId)).toMatchObject({ status: 'resolved', number: null, assigneeId: ids.ana });
    await scene.time.advance(1_000);
    expect(rig.commands().map((command) => [command.wire.n, command.wire.type, command.state])).toEqual([
      [1, 'register', 'applied'],
      [2, 'claim', 'applied'],
      [3, 'resolve', 'applied'],
    ]);
    expect(rig.cache().shown(done.ticketId)).toEqual(scene.store.tickets.get(done.ticketId));
    expect(rig.cache().overlay(done.ticketId)).toBeNull();
    expect(rig.cache().shownEntries(done.ticketId)).toEqual(scene.store.entries.get(done.ticketId));
    expect(scene.store.effects).toHaveLength(3);
  });

  it('SY1: offline work is kept, counted, and goes out in order when the link returns', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    expect((await connection(rig)).state).toBe('offline');
    const { ticketId } = await register(rig, { claim: true });
    for (const text of ['una', 'dos', 'tres']) await note(rig, ticketId, text);
    expect(await connection(rig)).toMatchObject({ state: 'offline', pendingActs: 5 });
    expect(rig.cache().shownEntries(ticketId)).toHaveLength(5);
    rig.link.down = null;
    await scene.time.advance(120_000);
    expect(await connection(rig)).toMatchObject({ state: 'online', pendingActs: 0 });
    const notes = required(scene.store.entries.get(ticketId)).flatMap((entry) =>
      entry.event.type === 'noteAdded' ? [entry.event.text] : [],
    );
    expect(notes).toEqual(['una', 'dos', 'tres']);
    expect(rig.cache().shownEntries(ticketId)).toEqual(scene.store.entries.get(ticketId));
  });

  it('SY2 SY11: a lost acknowledgement sends the same batch again and gets the same answers', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    rig.link.loseAnswers = 2;
    const { ticketId } = await register(rig, { claim: true });
    await scene.time.advance(60_000);
    expect(rig.commands().every((command) => command.state === 'applied')).toBe(true);
    expect(scene.store.effects).toHaveLength(2);
    for (const command of rig.commands()) {
      expect(JSON.stringify(command.outcome)).toBe(scene.store.outcomes.get(command.wire.id));
    }
    expect(rig.cache().shownEntries(ticketId)).toEqual(scene.store.entries.get(ticketId));
  });

  it('SY5: an effect that a pull brings before its lost answer is not shown twice', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.loseAnswers = 1_000;
    await note(rig, ticketId, 'una vez');
    await scene.time.advance(30_000);
    expect(rig.commands().at(-1)?.state).not.toBe('applied');
    expect(rig.cache().baseEntries(ticketId)).toHaveLength(2);
    expect(
      rig
        .cache()
        .shownEntries(ticketId)
        .map((entry) => entry.event.type),
    ).toEqual(['registered', 'noteAdded']);
    expect(rig.cache().shown(ticketId)?.noteCount).toBe(1);
  });

  it('SY9: a claim that lost stays with its content and its reason; the screen shows the store', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    expect((await act(rig, ticketId, 'claim', {})).ok).toBe(true);
    await note(rig, ticketId, 'lo tomo yo');
    scene.store.act(actors.beto, ticketId, 'claim', {});
    expect(rig.cache().shown(ticketId)?.assigneeId).toBe(ids.ana);
    rig.link.down = null;
    await scene.time.advance(120_000);
    const [, claim, kept] = rig.commands();
    expect(claim).toMatchObject({
      state: 'refused',
      wire: { type: 'claim' },
      outcome: { verdict: { refusal: { code: 'alreadyClaimed' } } },
    });
    expect(kept).toMatchObject({ state: 'merged', wire: { payload: { text: 'lo tomo yo' } } });
    expect(rig.cache().shown(ticketId)).toEqual(scene.store.tickets.get(ticketId));
    expect(await connection(rig)).toMatchObject({ pendingActs: 0, refusedActs: 1 });
    await rig.must('outbox.dismiss', { commandId: required(claim).wire.id });
    expect(await connection(rig)).toMatchObject({ refusedActs: 0 });
    expect(rig.commands()).toHaveLength(3);
  });

  it('SY9: a pending command that the pulled base refuses is in doubt, not gone', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.next.push = Array.from(
      { length: 50 },
      () => ({ kind: 'retryAfter', ms: 5_000, attempts: false }) as const,
    );
    await act(rig, ticketId, 'claim', {});
    scene.store.act(actors.beto, ticketId, 'claim', {});
    await scene.time.advance(3_000);
    expect(rig.cache().shown(ticketId)?.assigneeId).toBe(ids.beto);
    expect(rig.cache().overlay(ticketId)?.doubts).toMatchObject([{ refusal: { code: 'alreadyClaimed' } }]);
    expect(rig.commands().at(-1)?.state).toBe('waiting');
  });

  it('a pull does not wait for a push that the store puts off', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.next.push = Array.from(
      { length: 5 },
      () => ({ kind: 'retryAfter', ms: 600_000, attempts: false }) as const,
    );
    await note(rig, ticketId, 'espera');
    scene.store.act(actors.beto, ticketId, 'claim', {});
    await scene.time.advance(5_000);
    expect(rig.cache().base(ticketId)?.assigneeId).toBe(ids.beto);
    expect((await connection(rig)).state).toBe('online');
  });

  it('nothing refused is written: the rules answer before the outbox', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    const before = rig.commands().length;
    expect(await note(rig, ticketId, '   ')).toMatchObject({ ok: false, refusal: { code: 'noteEmpty' } });
    const both = await rig.must('acts.submit', {
      requestId: requestId(),
      atomic: true,
      acts: [
        { ticketId, type: 'addNote', payload: { visibility: 'internal', text: 'sí' } },
        { ticketId, type: 'reopen', payload: { reason: 'x' } },
      ],
      clearDraft: null,
    });
    expect(both.results.map((result) => result.ok)).toEqual([false, false]);
    expect(rig.commands()).toHaveLength(before);
  });

  it('an impatient second click writes nothing and gets the first answer', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const params = { requestId: requestId(), input, claim: false, resolveWith: null, clearDraft: null };
    const first = await rig.must('acts.register', params);
    expect(await rig.must('acts.register', params)).toEqual(first);
    expect(rig.commands()).toHaveLength(1);
    const again = await rig.crash();
    expect(await again.must('acts.register', params)).toEqual(first);
    expect(again.commands()).toHaveLength(1);
  });
});

describe('machine and disk', () => {
  for (const code of ['diskFull', 'readOnly', 'ioError'] as const) {
    it(`threat 27: ${code} is said before anything is shown as saved, and the draft stays`, async () => {
      const scene = createScene();
      const rig = await signedIn(scene);
      const { ticketId } = await register(rig);
      const kept = await rig.must('drafts.save', { key: 'nota', ticketId, content: 'a medias' });
      rig.faults.storage = { code };
      const answer = await rig.call('acts.submit', {
        requestId: requestId(),
        atomic: false,
        acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text: 'a medias' } }],
        clearDraft: { key: 'nota', seenVersion: kept.saved ? kept.version : 0 },
      });
      expect(answer).toEqual({ ok: false, error: { code, params: {} } });
      expect((await connection(rig)).trouble).toBe(code);
      rig.faults.storage = null;
      expect(rig.cache().shownEntries(ticketId)).toHaveLength(1);
      expect((await rig.must('drafts.list', {})).drafts).toMatchObject([{ key: 'nota', content: 'a medias' }]);
      await note(rig, ticketId, 'ahora sí');
      expect((await connection(rig)).trouble).toBeNull();
    });
  }

  it('SY1 threat 26: death between outbox and cache loses nothing; the overlay is made again', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    rig.faults.dieAt = 1;
    expect(
      (
        await rig.call('acts.submit', {
          requestId: requestId(),
          atomic: false,
          acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text: 'queda' } }],
          clearDraft: null,
        })
      ).ok,
    ).toBe(false);
    const next = await rig.crash();
    expect(next.commands().at(-1)?.wire.payload).toMatchObject({ text: 'queda' });
    expect(next.cache().shown(ticketId)?.noteCount).toBe(1);
    next.link.down = null;
    await scene.time.advance(60_000);
    expect(required(scene.store.entries.get(ticketId))).toHaveLength(2);
  });

  it('a second console on the same profile refuses to start', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const second = scene.boot(rig.disk);
    expect(second.core.start()).toEqual({ ok: false, error: { code: 'profileInUse', params: {} } });
  });

  it('an outbox row that cannot be read is kept and reported, and the rest goes on in a new chain', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    rig.link.down = { kind: 'offline' };
    await scene.time.advance(40_000);
    for (const text of ['una', 'rota', 'tres']) await note(rig, ticketId, text);
    const broken = required([...rig.outbox().rows.keys()][2]);
    spoilRow(rig.outbox(), broken, '{"wire":');
    const next = await rig.crash();
    next.link.down = null;
    await scene.time.advance(60_000);
    const texts = required(scene.store.entries.get(ticketId)).flatMap((e) =>
      e.event.type === 'noteAdded' ? [e.event.text] : [],
    );
    expect(texts).toEqual(['una', 'tres']);
    expect(next.outbox().rows.get(broken)).toMatchObject({ kind: 'unreadable', text: '{"wire":' });
    expect((await connection(next)).pendingActs).toBe(1);
    expect(next.logs.map((line) => line.event)).toContain('outboxRowUnreadable');
  });

  it('SY12: the store has another past of this chain (a disk restored from a copy): new incarnation, same ids', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const { ticketId } = await register(rig);
    await scene.time.advance(1_000);
    const copy = structuredClone([...rig.disk.profiles]);
    await note(rig, ticketId, 'antes de la copia vieja');
    await scene.time.advance(1_000);
    await rig.core.stop();
    const disk = emptyDisk();
    for (const [user, files] of copy) disk.profiles.set(user, files);
    const restored = scene.boot(disk);
    restored.link.down = { kind: 'offline' };
    restored.core.start();
    const result = await note(restored, ticketId, 'desde la copia');
    restored.link.down = null;
    await scene.time.advance(60_000);
    const texts = required(scene.store.entries.get(ticketId)).flatMap((e) =>
      e.event.type === 'noteAdded' ? [e.event.text] : [],
    );
    expect(texts).toEqual(['antes de la copia vieja', 'desde la copia']);
    expect(restored.commands().at(-1)).toMatchObject({
      state: 'applied',
      wire: { n: 1, id: result.ok ? result.commandId : '' },
    });
  });
});
