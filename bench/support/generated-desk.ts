import { v7 } from 'uuid';
import type { StoreRow } from '../../src/core/ports/store-client.ts';
import { COMMAND_VERSION, type Command } from '../../src/domain/commands.ts';
import { provisionalCode } from '../../src/domain/numbering.ts';
import { CHAIN_START, commandHashInput, type WireCommand } from '../../src/protocol/sync/command.ts';
import { PUSH_MAX_COMMANDS } from '../../src/protocol/sync/messages.ts';
import { assert } from '../../src/shared/assert.ts';
import { ok } from '../../src/shared/result.ts';
import type { Principal } from '../../src/store/auth/principal.ts';
import type { ChainHead, DeskStore, DeskTransaction, DeskWrites } from '../../src/store/commands/desk-port.ts';
import { processPush } from '../../src/store/commands/process-push.ts';
import { sha256 } from '../../src/store/commands/sha256.ts';
import { defaultStoreDeskSettings } from '../../src/store/desk-settings.ts';
import type { PlannedCommand } from '../../src/store/import/planned-command.ts';
import { createDice, type Dice } from '../../src/store/seed/trial/dice.ts';
import { createOrganisation, type Organisation } from '../../src/store/seed/trial/organisation.ts';
import { scenarios } from '../../src/store/seed/trial/scenarios.ts';

const DAY = 86_400_000;
const SPAN = 400 * DAY;
/** Nothing of the data depends on the day of the run. */
export const GENERATED_UNTIL = Date.UTC(2026, 10, 20, 15);
const WHOLE_SPAN = { from: GENERATED_UNTIL - SPAN, until: GENERATED_UNTIL };

/** Which desk: the same values give the same rows to the byte, ids and times among them. */
export interface GeneratedShape {
  readonly seed: number;
  readonly tickets: number;
  /** Of a hundred tickets, how many were claimed, and how many of these were resolved. */
  readonly claimed: number;
  readonly resolved: number;
}
/** Tickets with two notes each, most of them open and not yet claimed: what the fill and the peers are measured with. */
export const shapeOfFill = (seed: number, tickets: number): GeneratedShape => ({
  seed,
  tickets,
  claimed: 30,
  resolved: 60,
});

/** The desk, its directory, and the program that writes it. */
export function generatedOrganisation(seed: number) {
  const dice = createDice(seed);
  const program = {
    deskId: dice.id('generated'),
    user: `generated-${seed}`,
    name: 'Datos generados',
    accountId: dice.id('generated', 'account'),
    personId: dice.id('generated', 'program'),
    deviceId: dice.id('generated', 'device'),
    now: GENERATED_UNTIL - SPAN,
  };
  return {
    program,
    deskId: program.deskId,
    epoch: dice.id('generated', 'epoch'),
    incarnation: dice.id('generated', 'incarnation'),
    org: createOrganisation(createDice(seed)),
  };
}

/**
 * What the store writes for the tickets of a desk, batch after batch in the order of its log: the product's own command
 * processing, over a port that answers its reads from memory and hands out its writes. All that happened to a ticket is in one batch.
 */
export async function* generatedBatches(shape: GeneratedShape): AsyncGenerator<DeskWrites> {
  const { org, program, incarnation } = generatedOrganisation(shape.seed);
  const port = memoryPort(shape.seed);
  const principal: Principal = {
    ...program,
    sessionId: program.deviceId,
    role: 'service',
    actOnBehalf: true,
    grant: { personId: program.personId, everything: true, siteIds: [], teamIds: [] },
    teams: [],
    revoked: false,
    scopeVersion: 'program',
  };
  let prevHash = CHAIN_START;
  let n = 0;
  let batch: WireCommand[] = [];
  const run = async (): Promise<DeskWrites> => {
    const commands = batch;
    batch = [];
    const now = () => commands.reduce((latest, command) => Math.max(latest, command.time.deviceAt), 0);
    const answer = await processPush({ desks: port.desks, now, sha256 }, principal, { commands });
    const written = port.take();
    assert(answer.ok && written !== null, 'a generated batch is taken');
    const refused = written.commands.find((command) => command.refused);
    assert(refused === undefined, `a generated command is not refused: ${refused?.outcome}`);
    return written;
  };
  for (const ticket of plannedTickets(shape, org)) {
    for (const { id, ticketId, personId, at, command } of ticket) {
      const wire: WireCommand = {
        id,
        deviceId: program.deviceId,
        incarnation,
        n: ++n,
        prevHash,
        commandVersion: COMMAND_VERSION,
        ticketId,
        time: { deviceAt: at, bootId: 'plan', monotonicMs: n, lastOffset: 0 },
        seenVersion: null,
        onBehalf: { personId, occurredAt: at },
        type: command.type,
        payload: command.payload,
      };
      prevHash = sha256(commandHashInput(wire));
      batch.push(wire);
    }
    if (batch.length > PUSH_MAX_COMMANDS - MOST_ACTS) yield await run();
  }
  if (batch.length > 0) yield await run();
}

/** The same as rows with their exact texts, as the store sends them: each ticket, then its timeline. */
export async function* generatedRows(shape: GeneratedShape): AsyncGenerator<readonly StoreRow[]> {
  for await (const { inserted, entries } of generatedBatches(shape)) {
    const tickets = inserted.map(
      ({ ticket }): StoreRow => ({ entity: 'ticket', row: ticket, doc: JSON.stringify(ticket) }),
    );
    yield [...tickets, ...entries.map((row): StoreRow => ({ entity: 'entry', row, doc: JSON.stringify(row) }))];
  }
}

/** Nobody reads here. */
const NO_MARK = { epoch: '', seq: 0, hash: '', seal: '' };

function memoryPort(seed: number) {
  const { org, program, epoch, incarnation } = generatedOrganisation(seed);
  const numbers = new Map<number, number>();
  let written: DeskWrites | null = null;
  let head: ChainHead = { deviceId: program.deviceId, incarnation, lastN: 0, lastHash: CHAIN_START };
  const none = async () => [];
  const tx: DeskTransaction = {
    desk: async () => ({ settings: defaultStoreDeskSettings, epoch, sealKey: '', restoredAt: null }),
    hashAt: async () => null,
    ownDevices: async () => new Set([program.deviceId]),
    lockChains: async () => [head],
    storedCommands: none,
    lockOrphans: none,
    lockTickets: none,
    loadDirectory: async () => ({
      site: org.sites,
      orgUnit: org.orgUnits,
      person: org.people,
      team: org.teams,
      membership: org.memberships,
      service: org.services,
      asset: org.assets,
    }),
    problemIds: async () => new Set(),
    lockNumber: async (year) => numbers.get(year) ?? 0,
    takenNumbers: async () => new Set(),
    waitingAttachments: none,
    addedAttachments: none,
    async write(writes) {
      written = writes;
      head = writes.chains[0] ?? head;
      for (const [year, last] of writes.numbers) numbers.set(year, last);
    },
  };
  const desks: DeskStore = {
    transact: async (_deskId, work) => ok(await work(tx)),
    transactMarked: async (_deskId, _sessionId, work) => ok({ value: await work(tx), mark: NO_MARK }),
    mark: () => Promise.reject(new Error('nobody reads here')),
    openEpoch: () => Promise.reject(new Error('nobody restores here')),
  };
  return {
    desks,
    take(): DeskWrites | null {
      const taken = written;
      written = null;
      return taken;
    },
  };
}

/** Registration, claim, two notes, solution. */
const MOST_ACTS = 5;

/** Whole histories of tickets, spread evenly from `from` to a day before `until`. */
export function* plannedTickets(
  { seed, tickets, claimed, resolved }: GeneratedShape,
  org: Organisation,
  { from, until }: { readonly from: number; readonly until: number } = WHOLE_SPAN,
): Generator<PlannedCommand[]> {
  const dice = createDice(seed + 1);
  const firstLine = org.teams
    .filter((team) => team.tier === 1)
    .map((team) => ({ team, members: org.memberships.filter((row) => row.teamId === team.id) }));
  const callers = org.people.filter((person) => !person.agent);
  const serviceIds = new Map(org.services.map((service) => [service.code, service.id]));
  for (let i = 0; i < tickets; i++) {
    const { team, members } = dice.pick(firstLine);
    const { personId } = dice.pick(members);
    const caller = dice.pick(callers);
    const scenario = dice.pick(scenarios);
    const start = from + Math.floor(((until - from - DAY) * i) / tickets);
    const ticketId = timedId(dice, start);
    const commands: Command[] = [
      {
        type: 'register',
        payload: {
          provisionalCode: provisionalCode('G0', i),
          kind: scenario.kind,
          subKind: scenario.subKind,
          channel: 'phone',
          mode: 'remote',
          serviceId: serviceIds.get(scenario.service) ?? null,
          requester: { personId: caller.id },
          orgUnitId: caller.orgUnitId,
          siteId: caller.siteId ?? '',
          subject: scenario.subject,
          description: scenario.description,
          impact: dice.pick(['low', 'medium', 'high']),
          urgency: dice.pick(['low', 'medium', 'high']),
          assetId: null,
          teamId: team.id,
          initialTier: null,
        },
      },
    ];
    const isClaimed = dice.chance(claimed);
    if (isClaimed) commands.push({ type: 'claim', payload: {} });
    commands.push(note(dice, scenario.notes, i), note(dice, scenario.notes, i));
    if (isClaimed && dice.chance(resolved))
      commands.push({ type: 'resolve', payload: { solution: scenario.solution, duringCall: false } });
    yield commands.map((command, index) => {
      const at = start + index * 60_000;
      return { id: timedId(dice, at), ticketId, personId, at, command };
    });
  }
}

export const note = (dice: Dice, notes: readonly string[], i: number): Command => ({
  type: 'addNote',
  payload: {
    visibility: 'internal',
    text: `${notes.length === 0 ? 'Se verificó con el usuario' : dice.pick(notes)} (${i})`,
  },
});

/** An id of version 7, as consoles make them: in the order of time. */
export function timedId(dice: Dice, msecs: number): string {
  const random = new Uint8Array(16);
  const words = new DataView(random.buffer);
  for (let at = 0; at < 16; at += 4) words.setUint32(at, dice.int(0, 0x7fffffff));
  return v7({ msecs, random, seq: dice.int(0, 0x7fffffff) });
}
