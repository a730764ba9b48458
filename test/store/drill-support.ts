import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { z } from 'zod';
import type { CommandPayloads, CommandType } from '../../src/domain/commands.ts';
import { type Outcome, outcomeSchema } from '../../src/protocol/sync/command.ts';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import type { Database } from '../../src/store/db/pool.ts';
import { callInput } from '../console-process/call-input.ts';
import { freshDataDir, type Spawned, spawnTestConsole } from '../console-process/spawn.ts';
import type { Desk, FixtureAccount } from '../support/desk-fixture.ts';

export interface OutboxLine {
  readonly id: string;
  readonly ticketId: string;
  readonly type: string;
  readonly state: string;
  readonly n: number;
  readonly incarnation: string;
  readonly outcome: Outcome | null;
  readonly former: Outcome | null;
  readonly ackEpoch: string | null;
  readonly replayFor: string | null;
}
const linesSchema = z.array(
  z.object({
    id: z.string(),
    ticketId: z.string(),
    type: z.string(),
    state: z.string(),
    n: z.int(),
    incarnation: z.string(),
    outcome: z.string().nullable(),
    former: z.string().nullable(),
    ackEpoch: z.string().nullable(),
    replayFor: z.string().nullable(),
  }),
);
const readOutcome = (text: string | null) => (text === null ? null : outcomeSchema.parse(JSON.parse(text)));

/** The outbox file of the one profile in a data folder, as it lies on the disk. */
export function outboxOf(dataDir: string): OutboxLine[] {
  const profiles = join(dataDir, 'console', 'profiles');
  const [profile] = readdirSync(profiles);
  const db = new Sqlite(join(profiles, profile ?? '', 'outbox.db'), { readonly: true });
  try {
    const rows = db
      .prepare(
        `select id, ticket_id as ticketId, type, state, n, incarnation, outcome, former_outcome as former,
           ack_epoch as ackEpoch, replay_for as replayFor from commands order by pos`,
      )
      .all();
    return linesSchema
      .parse(rows)
      .map((row) => ({ ...row, outcome: readOutcome(row.outcome), former: readOutcome(row.former) }));
  } finally {
    db.close();
  }
}

export interface DrillConsole {
  readonly dataDir: string;
  readonly who: FixtureAccount;
  spawned(): Spawned;
  start(): Promise<void>;
  stop(): Promise<void>;
  signIn(): Promise<void>;
  /** With `claim` also taken. */
  register(subject: string, claim?: boolean): Promise<string>;
  act<T extends CommandType>(type: T, ticketId: string, payload: CommandPayloads[T]): Promise<string>;
  note(ticketId: string, text: string): Promise<string>;
  /** Waits until the ticket is here, at or beyond the version. */
  sees(ticketId: string, fits?: (ticket: { version: number; assigneeId: string | null }) => boolean): Promise<void>;
  /** Meets a store that was restored, and is in that epoch now: signs in again where its session is not known there, and hands in all that it owes. */
  comesBack(epoch: string): Promise<void>;
  /** Online, nothing unanswered, nothing owed. */
  settled(): Promise<void>;
  outbox(): OutboxLine[];
}

/** A whole console: the process with its engine and its reader, on files of its own, over HTTP. */
export function createDrillConsole(
  url: string,
  desk: Desk,
  who: FixtureAccount,
  dataDir = freshDataDir(),
): DrillConsole {
  let spawned: Spawned | null = null;
  const running = () => {
    if (spawned === null) throw new Error(`the console of ${who.user} is not started`);
    return spawned;
  };
  const self: DrillConsole = {
    dataDir,
    who,
    spawned: running,
    async start() {
      spawned = await spawnTestConsole(url, dataDir);
    },
    async stop() {
      await spawned?.console.stop();
      spawned = null;
    },
    async signIn() {
      await running().call('session.signIn', { user: who.user, password: who.password });
      await self.settled();
    },
    async register(subject, claim = false) {
      const done = await running().call('acts.register', callInput(desk, subject, claim));
      if (!done.ok) throw new Error(done.refusal.code);
      return done.ticketId;
    },
    async act(type, ticketId, payload) {
      const acts = [{ ticketId, type, payload }];
      const { results } = await running().call('acts.submit', {
        requestId: v7(),
        atomic: true,
        acts,
        clearDraft: null,
      });
      const [result] = results;
      if (result?.ok !== true) throw new Error(`${type}: ${JSON.stringify(result)}`);
      return result.commandId;
    },
    note: (ticketId, text) => self.act('addNote', ticketId, { visibility: 'internal', text }),
    async comesBack(epoch) {
      await running().call('connection.retryNow', {});
      const stateIs = async () => {
        const { state } = await running().call('connection.get', {});
        if (state === 'offline') await running().call('connection.retryNow', {});
        return state;
      };
      await expect
        .poll(stateIs, { timeout: 90_000, interval: 100 })
        .toMatch(/^(online|filling|catchingUp|sessionExpired)$/);
      // A session that is younger than what was restored is not known there; the work does not depend on it.
      const elsewhere = () => outboxOf(dataDir).filter((row) => row.ackEpoch !== epoch || row.replayFor !== null);
      await expect
        .poll(
          async () => {
            if ((await stateIs()) === 'sessionExpired') await self.signIn();
            return elsewhere().length;
          },
          { timeout: 40_000, interval: 150 },
        )
        .toBe(0);
      await self.settled();
    },
    async sees(ticketId, fits = () => true) {
      await running().call('connection.retryNow', {});
      await expect
        .poll(
          async () => {
            const view = await running().call('ticket.get', { ticketId });
            return view !== null && fits(view.ticket);
          },
          { timeout: 90_000, interval: 100 },
        )
        .toBe(true);
    },
    async settled() {
      await running().call('connection.retryNow', {});
      let last: unknown = null;
      await expect
        .poll(
          async () => {
            const { state, pendingActs } = await running().call('connection.get', {});
            if (state === 'offline') await running().call('connection.retryNow', {});
            const left = outboxOf(dataDir).filter(
              (row) => row.replayFor !== null || row.outcome === null || row.state === 'sending',
            );
            last = { state, pendingActs, left: left.length };
            return last;
          },
          { timeout: 90_000, interval: 150 },
        )
        .toEqual({ state: 'online', pendingActs: 0, left: 0 });
    },
    outbox: () => outboxOf(dataDir),
  };
  return self;
}

export async function epochOf(db: Database, desk: Desk): Promise<string> {
  const { rows } = await db.pool.query<{ epoch: string }>('select epoch from desks where id = $1', [desk.deskId]);
  return rows[0]?.epoch ?? 'none';
}

/** What the store has of each command and each ticket: the measure of a drill. */
export async function tellStore(db: Database) {
  const commands = await db.pool.query<{ id: string; outcome: string; refused: boolean }>(
    'select id, outcome, refused from commands',
  );
  const entries = await db.pool.query<{ ticketId: string; commandId: string; type: string; text: string | null }>(
    `select ticket_id as "ticketId", left(id, 36) as "commandId", type, doc::json->'event'->>'text' as text
     from entries order by ticket_id, seq`,
  );
  const tickets = await db.pool.query<{ id: string; doc: string; number: string }>(
    'select id, doc, number from tickets',
  );
  const notes = new Map<string, string[]>();
  for (const { ticketId, type, text } of entries.rows) {
    if (type === 'noteAdded' && text !== null) notes.set(ticketId, [...(notes.get(ticketId) ?? []), text]);
  }
  const effects = new Map<string, string[]>();
  for (const { commandId, type } of entries.rows) effects.set(commandId, [...(effects.get(commandId) ?? []), type]);
  return {
    commands: new Map(commands.rows.map((row) => [row.id, row])),
    tickets: new Map(tickets.rows.map((row) => [row.id, row])),
    /** Texts of a ticket, sorted. */
    notes: (ticketId: string) => [...(notes.get(ticketId) ?? [])].sort(),
    noted: [...notes.keys()],
    effects: (commandId: string) => effects.get(commandId) ?? [],
  };
}
export type Told = Awaited<ReturnType<typeof tellStore>>;

/** SY14: whatever a console holds as answered is at the store, once, and the desk adds up. */
export async function expectAllBack(db: Database, desk: Desk, consoles: readonly DrillConsole[], before: Told) {
  const after = await tellStore(db);
  const epoch = await epochOf(db, desk);
  for (const console of consoles) {
    for (const line of console.outbox()) {
      const stored = after.commands.get(line.id);
      expect(stored, `${line.type} ${line.id}`).toBeDefined();
      expect(line.ackEpoch).toBe(epoch);
      // Its console has the very answer that the store has.
      expect(JSON.stringify(line.outcome)).toBe(stored?.outcome);
      const was = before.commands.get(line.id);
      if (was?.refused === true) {
        expect(stored?.refused).toBe(true);
        expect(after.effects(line.id)).toEqual([]);
      } else if (was !== undefined) {
        expect(stored?.refused, line.type).toBe(false);
        // Parked or applied: one command, one effect.
        const effects = [before.effects(line.id), after.effects(line.id)];
        if (!effects.flat().includes('claimParked')) expect(effects[1]).toEqual(effects[0]);
      }
    }
  }
  for (const ticketId of before.noted) expect(after.notes(ticketId)).toEqual(before.notes(ticketId));
  for (const id of before.tickets.keys()) expect(after.tickets.has(id)).toBe(true);
  expect(await verifyDesk(db, desk.deskId, 'simulacro')).toMatchObject({ faults: [], doubts: [], waiting: 0 });
  return after;
}
