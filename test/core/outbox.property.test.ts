import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnanswered } from '../../src/core/ports/outbox.ts';
import { consoleContext, formerVerdict } from '../../src/core/sync/decide-context.ts';
import { positionOf } from '../../src/core/sync/overlay-keeper.ts';
import { reconcile } from '../../src/core/sync/reconcile.ts';
import { CHAIN_START, commandHashInput } from '../../src/protocol/sync/command.ts';
import {
  bugsOf,
  type ConsoleRig,
  createScene,
  emptyDisk,
  required,
  type Scene,
  signedIn,
} from '../support/console/console-rig.ts';
import { createMemoryOutbox } from '../support/console/memory-outbox.ts';
import { sha256Hex } from '../support/console/memory-store.ts';
import { actors, call, ids, uuid } from '../support/world.ts';

/** What may happen, in any order. Tickets are few on purpose: everybody meets everybody. */
type Step =
  | { kind: 'act'; ticket: number; act: 'note' | 'claim' | 'pending' | 'resolve' | 'reopen' | 'escalate' }
  | { kind: 'register' }
  | { kind: 'theirs'; ticket: number; act: 'claim' | 'note' | 'resolve' | 'takeAway' }
  | { kind: 'link'; up: boolean }
  | { kind: 'loseAnswers'; count: number }
  | { kind: 'putOff' }
  | { kind: 'cutPull'; after: number }
  | { kind: 'dieAt'; write: number }
  | { kind: 'diskFull'; on: boolean }
  | { kind: 'backup' }
  | { kind: 'restore' }
  | { kind: 'wait'; ms: number };

const ticket = fc.integer({ min: 0, max: 2 });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      ticket,
      act: fc.constantFrom('note', 'claim', 'pending', 'resolve', 'reopen', 'escalate'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'register' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('theirs' as const),
      ticket,
      act: fc.constantFrom('claim', 'note', 'resolve', 'takeAway'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('link' as const), up: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('loseAnswers' as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'putOff' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cutPull' as const), after: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('dieAt' as const), write: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('diskFull' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'backup' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 50, 2_000, 30_000) }),
  },
);

const ticketId = (n: number) => uuid(3_000 + n);
const acts = {
  note: () => ({ type: 'addNote', payload: { visibility: 'internal', text: 'nota' } }),
  claim: () => ({ type: 'claim', payload: {} }),
  pending: () => ({ type: 'changeStatus', payload: { from: 'assigned', to: 'pending', pendingReason: 'user' } }),
  resolve: () => ({ type: 'resolve', payload: { solution: 'listo', duringCall: false } }),
  reopen: () => ({ type: 'reopen', payload: { reason: 'volvió' } }),
  escalate: () => ({
    type: 'escalate',
    payload: { toTeamId: ids.team2, toPersonId: null, sheet: { tried: 'a', found: 'b', pending: 'c', device: 'd' } },
  }),
} as const;

/** What the person was told is saved, in that order: the oracle of SY1 and SY3. */
interface Told {
  readonly commandIds: string[];
}

function checkAlways(scene: Scene, rig: ConsoleRig, told: Told): void {
  const commands = rig.commands();
  const byId = new Map(commands.map((command) => [command.wire.id, command]));
  // SY1: on the store or in the outbox.
  for (const id of told.commandIds) expect(byId.has(id) || scene.store.outcomes.has(id)).toBe(true);
  // The chain of this incarnation holds from its first link.
  const { incarnation } = required(rig.outbox().identity);
  let previous = { n: 0, hash: CHAIN_START };
  for (const { wire, hash } of commands.filter((command) => command.wire.incarnation === incarnation)) {
    expect([wire.n, wire.prevHash]).toEqual([previous.n + 1, previous.hash]);
    expect(hash).toBe(sha256Hex(commandHashInput(wire)));
    previous = { n: wire.n, hash };
  }
  // SY11 SY9: an answer is the store's, to the byte, and every answered command still has its content.
  for (const { wire, outcome, state, ackEpoch } of commands) {
    expect(outcome === null).toBe(isUnanswered(state));
    // Of another epoch: the store that gave it is gone.
    if (outcome !== null && ackEpoch === scene.store.epoch)
      expect(JSON.stringify(outcome)).toBe(scene.store.outcomes.get(wire.id));
  }
}

/** SY5: what is shown is what folding the live commands over the base gives. */
function checkShown(rig: ConsoleRig): void {
  const session = rig.core.active()?.session;
  if (session === undefined) return;
  const cache = rig.cache();
  const meta = cache.meta();
  const outbox = createMemoryOutbox(rig.outbox(), () => null);
  const source = {
    session,
    directory: cache.directory(),
    otherTicket: (id: string) => cache.shown(id),
  };
  for (const id of new Set([...rig.commands().map((command) => command.wire.ticketId), ...cache.overlaid()])) {
    const overlay = reconcile({
      ticketId: id,
      base: cache.base(id),
      baseEpoch: positionOf(meta)?.epoch ?? null,
      commands: outbox.live(id, positionOf(meta)),
      baseHolds: (commandId) => cache.baseEntries(id).some((entry) => entry.id === `${commandId}-0`),
      baseComplete: meta.cursor !== null && meta.fill === null,
      contextOf: (command) => consoleContext(command.wire, source, formerVerdict(command)),
    });
    expect(cache.shown(id)).toEqual(overlay === null ? cache.base(id) : overlay.ticket);
    const shown = cache.shownEntries(id).map((entry) => entry.id);
    expect(new Set(shown).size).toBe(shown.length);
  }
}

async function play(steps: readonly Step[], fractions: readonly number[]): Promise<void> {
  let drawn = 0;
  const scene = createScene(() => fractions[drawn++ % fractions.length] ?? 0.5);
  for (let n = 0; n < 3; n += 1)
    scene.store.act(actors.beto, ticketId(n), 'register', { ...call, subject: `Caso ${n}` });
  const told: Told = { commandIds: [] };
  let requests = 80_000;
  let epochs = 901;
  let restore = scene.store.backup();
  let diskWasFull = false;
  let rig = await signedIn(scene, 'ana', scene.boot(emptyDisk()));

  const submit = async (method: 'acts.submit' | 'acts.register', params: object) => {
    const request = { requestId: uuid(requests++), clearDraft: null, ...params };
    const before = rig.commands().length;
    const answer = await rig.core.handle(method, request);
    if (answer.ok)
      told.commandIds.push(
        ...rig
          .commands()
          .slice(before)
          .map((command) => command.wire.id),
      );
    else if (!rig.faults.died) expect(rig.commands()).toHaveLength(before);
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'act':
        await submit('acts.submit', {
          atomic: false,
          acts: [{ ticketId: ticketId(step.ticket), ...acts[step.act]() }],
        });
        break;
      case 'register': {
        const { provisionalCode: _c, teamId: _t, initialTier: _i, ...input } = call;
        await submit('acts.register', { input, claim: true, resolveWith: null });
        break;
      }
      case 'theirs':
        if (step.act === 'takeAway')
          scene.store.act(actors.sofia, ticketId(step.ticket), 'reassign', {
            fromPersonId: ids.ana,
            toPersonId: ids.beto,
            reason: '',
          });
        else scene.store.act(actors.beto, ticketId(step.ticket), acts[step.act]().type, acts[step.act]().payload);
        break;
      case 'link':
        rig.link.down = step.up ? null : { kind: 'offline' };
        break;
      case 'loseAnswers':
        rig.link.loseAnswers = step.count;
        break;
      case 'putOff':
        rig.link.next.push = [{ kind: 'retryAfter', ms: 3_000, attempts: false }];
        break;
      case 'cutPull':
        rig.link.cutPullAfter = step.after;
        break;
      case 'dieAt':
        rig.faults.dieAt = step.write;
        break;
      case 'diskFull':
        rig.faults.storage = step.on ? { code: 'diskFull' } : null;
        break;
      case 'backup':
        restore = scene.store.backup();
        break;
      case 'restore':
        restore(uuid(epochs++));
        break;
      case 'wait':
        await scene.time.advance(step.ms);
    }
    diskWasFull ||= rig.faults.storage !== null;
    if (rig.faults.died) {
      rig = await rig.crash();
      diskWasFull = false;
    }
    // An overlay that could not be written is made again at the next start; until then only what is shown lags.
    if (!diskWasFull) checkShown(rig);
    checkAlways(scene, rig, told);
  }
  rig.faults.storage = null;
  rig.faults.dieAt = null;
  rig.link.down = null;
  rig.link.loseAnswers = 0;
  rig.link.cutPullAfter = null;
  delete rig.link.next.push;
  rig = await rig.crash();
  checkShown(rig);
  await scene.time.advance(240_000);

  // SY10 SY14: the link healed, so everything is answered, in this epoch, and the base is the store.
  expect(
    rig.commands().filter(({ replayFor, ackEpoch }) => replayFor !== null || ackEpoch !== scene.store.epoch),
  ).toEqual([]);
  checkAlways(scene, rig, told);
  checkShown(rig);
  expect(rig.commands().filter((command) => isUnanswered(command.state))).toEqual([]);
  for (const id of told.commandIds) expect(scene.store.outcomes.has(id)).toBe(true);
  for (const [id, expected] of scene.store.tickets) {
    expect(rig.cache().shown(id)).toEqual(expected);
    expect(rig.cache().shownEntries(id)).toEqual(scene.store.entries.get(id));
  }
  // SY2 SY3: one effect each, in the order in which they were told.
  expect(bugsOf(rig)).toEqual([]);
  const mine = scene.store.effects.map((effect) => effect.commandId).filter((id) => told.commandIds.includes(id));
  expect(mine).toEqual(told.commandIds);
  await rig.core.stop();
}

describe('any interleaving of acts, crashes, pushes, lost answers, pulls, restores and refusals', () => {
  it('SY1 SY2 SY3 SY5 SY9 SY10 SY11 SY14: nothing lost, nothing doubled, order kept, shown = base ⊕ pending', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 5, maxLength: 40 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 7 }),
        play,
      ),
      { numRuns: 200, seed: 20261103, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true },
    );
  }, 60_000);
});
