import { describe, expect, it } from 'vitest';
import { goOffline, note, register, submit } from '../support/console/acts.ts';
import { type ConsoleRig, createScene, required, signedIn } from '../support/console/console-rig.ts';
import { spoilRow } from '../support/console/memory-outbox.ts';

/** What the documented search for a trace finds of a log. */
const linesWith = (rig: ConsoleRig, trace: string): readonly string[] =>
  rig.logs.filter((line) => JSON.stringify(line).includes(trace)).map(({ event }) => event);
const traceOfId = (commandId: string): string => commandId.replaceAll('-', '');

describe('C143 the trace of an act', () => {
  it('is in each push that carries it, however many go together, and no line is longer than a report takes', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    for (let n = 0; n < 45; n++) await note(rig, ticketId, `nota ${n}`);
    const from = rig.logs.length;
    rig.link.down = null;
    await scene.time.advance(120_000);
    const notes = rig.commands().filter(({ wire }) => wire.type === 'addNote');
    expect(notes.map(({ state }) => state)).toEqual(Array.from({ length: 45 }, () => 'applied'));
    rig.logs.splice(0, from);
    for (const { wire } of notes)
      expect(linesWith(rig, traceOfId(wire.id))).toEqual(expect.arrayContaining(['pushSent', 'actAnswered']));
    for (const { details } of rig.logs) expect(details.traces?.length ?? 0).toBeLessThanOrEqual(20);
  });

  it('is in the line of an act that the store will never read, with the documented form and no other', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    rig.link.unreadableTypes = ['recordVisit'];
    await submit(rig, ticketId, 'recordVisit', { arrivedAt: 1, leftAt: null, text: 'la visita' });
    await scene.time.advance(600_000);
    const { id } = required(rig.commands().find(({ wire }) => wire.type === 'recordVisit')).wire;
    expect(linesWith(rig, traceOfId(id))).toContain('commandSetAside');
    expect(linesWith(rig, id)).toEqual([]);
  });

  it('is in the line of an act that nothing on the way lets through', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    rig.link.tooLargeTypes = ['recordVisit'];
    await submit(rig, ticketId, 'recordVisit', { arrivedAt: 1, leftAt: null, text: 'larga' });
    await scene.time.advance(60_000);
    const { id } = required(rig.commands().find(({ wire }) => wire.type === 'recordVisit')).wire;
    expect(linesWith(rig, traceOfId(id))).toContain('commandTooLargeForNetwork');
    expect(linesWith(rig, id)).toEqual([]);
  });

  it('is in the line of an act whose row cannot be read', async () => {
    const scene = createScene();
    const rig = await signedIn(scene);
    const ticketId = await register(rig);
    await scene.time.advance(1_000);
    await goOffline(scene, rig);
    await note(rig, ticketId, 'rota');
    const broken = required([...rig.outbox().rows.keys()][1]);
    spoilRow(rig.outbox(), broken, '{"wire":');
    const next = await rig.crash();
    next.link.down = null;
    await scene.time.advance(60_000);
    expect(linesWith(next, traceOfId(broken))).toContain('outboxRowUnreadable');
    expect(linesWith(next, broken)).toEqual([]);
  });
});
