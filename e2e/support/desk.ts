import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import type { Asset } from '../../src/domain/directory.ts';
import { type TimelineEntry, timelineEntrySchema } from '../../src/domain/events.ts';
import { type Ticket, ticketSchema } from '../../src/domain/ticket.ts';
import type { TrialAccount } from '../../src/protocol/sync/auth.ts';
import { createDice } from '../../src/store/seed/trial/dice.ts';
import { createOrganisation } from '../../src/store/seed/trial/organisation.ts';
import { trialDefaults } from '../../src/store/seed/trial.ts';
import { TEMPLATE } from './global-setup.ts';
import { firstJsonLine } from './json-line.ts';

const root = join(import.meta.dirname, '..', '..');
const readySchema = z.object({ store: z.object({ url: z.string() }) });

/** A ticket store of the spec's own: a copy of the trial's database, and a store process on a port that it keeps. */
export interface Desk {
  readonly url: string;
  readonly databaseUrl: string;
  /** Ends the store's process. `kill`: without a word, as a power cut. */
  stop(how: 'term' | 'kill'): Promise<void>;
  start(): Promise<void>;
  /** Rows of the store's database, for what a screen cannot show. */
  query<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

function adminUrl(): string {
  const url = process.env['CHASQUI_E2E_POSTGRES'];
  if (url === undefined) throw new Error('the global set-up did not run');
  return url;
}

async function asAdmin(text: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  await admin.query(text);
  await admin.end();
}

/** Runs the store's own command line against that desk's database: `backup FILE`, `account revoke-device ID`. */
export async function storeCommand(desk: Desk, ...args: string[]): Promise<string> {
  const main = join(root, 'src', 'store', 'main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, '--database-url', desk.databaseUrl]);
  return stdout;
}

export async function openDesk(): Promise<{ desk: Desk; close: () => Promise<void> }> {
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${name} template ${TEMPLATE}`);
  const databaseUrl = adminUrl().replace(/\/postgres$/u, `/${name}`);
  const blobs = await mkdtemp(join(tmpdir(), 'chasqui-e2e-blobs-'));
  let child: ChildProcess | null = null;
  let url = '';
  const start = async (): Promise<void> => {
    const port = url === '' ? '0' : new URL(url).port;
    const args = [
      join(root, 'src', 'store', 'main.ts'),
      'serve',
      '--json',
      '--log-level',
      'error',
      '--port',
      port,
      '--database-url',
      databaseUrl,
      '--blobs',
      blobs,
      '--blobs-port',
      '0',
    ];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    url = readySchema.parse(await firstJsonLine(child)).store.url;
  };
  const stop = async (how: 'term' | 'kill'): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    await ended;
    child = null;
  };
  await start();
  const desk: Desk = {
    databaseUrl,
    get url() {
      return url;
    },
    start,
    stop,
    async query<T>(text: string, values: readonly unknown[] = []) {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        // The spec names the shape of the rows that it asks for.
        return (await client.query(text, [...values])).rows as T[];
      } finally {
        await client.end();
      }
    },
  };
  return {
    desk,
    close: async () => {
      await stop('kill');
      await asAdmin(`drop database ${name} with (force)`);
      await rm(blobs, { recursive: true, force: true });
    },
  };
}

const organisation = createOrganisation(createDice(trialDefaults.seed));
export const trialPassword = trialDefaults.password;

/** A person of the trial by the team that they work in ("Mesa de Servicio") or by role; `index` picks among several. */
export function personOf(
  where: { team: string } | { role: TrialAccount['role'] },
  index = 0,
): { user: string; name: string; personId: string } {
  const team = 'team' in where ? organisation.teams.find((row) => row.name === where.team) : undefined;
  const members = new Set(organisation.memberships.filter((row) => row.teamId === team?.id).map((row) => row.personId));
  const found = organisation.accounts.filter((row) =>
    'team' in where ? members.has(row.personId) : row.role === where.role,
  )[index];
  const person = organisation.people.find((row) => row.id === found?.personId);
  if (found === undefined || person === undefined)
    throw new Error(`nobody of the trial is ${JSON.stringify(where)} number ${index}`);
  return { user: found.user, name: person.name, personId: person.id };
}

export interface Caller {
  readonly name: string;
  readonly extension: string;
  readonly device: Asset;
}

/** A caller with a device: someone of headquarters who is not of the desk and whose name nobody else has. */
export function callerWithDevice(index = 0): Caller {
  const owners = organisation.people.filter(
    (row) =>
      !row.agent &&
      !row.seniorManagement &&
      organisation.sites.find((site) => site.id === row.siteId)?.headquarters &&
      organisation.people.filter((other) => other.name === row.name).length === 1,
  );
  const pairs = owners.flatMap((row) =>
    organisation.assets.filter((asset) => asset.personId === row.id).map((asset) => ({ row, asset })),
  );
  const pair = pairs[index];
  if (pair === undefined) throw new Error('the trial has too few callers');
  return { name: pair.row.name, extension: pair.row.extension ?? '', device: pair.asset };
}

/** A ticket and its timeline as the store has them. */
export interface StoredTicket {
  readonly ticket: Ticket;
  readonly entries: readonly TimelineEntry[];
}

/** Every ticket of the store with that subject. */
export async function storedTickets(desk: Desk, subject: string): Promise<StoredTicket[]> {
  const found = await desk.query<{ doc: string }>(`select doc from tickets where doc::json->>'subject' = $1`, [
    subject,
  ]);
  const tickets = found.map((row) => ticketSchema.parse(JSON.parse(row.doc)));
  return Promise.all(
    tickets.map(async (ticket) => {
      const lines = await desk.query<{ doc: string }>('select doc from entries where ticket_id = $1 order by seq', [
        ticket.id,
      ]);
      return { ticket, entries: lines.map((row) => timelineEntrySchema.parse(JSON.parse(row.doc))) };
    }),
  );
}

/** The one ticket of the store with that subject. */
export async function storedTicket(desk: Desk, subject: string): Promise<StoredTicket> {
  const [only, ...others] = await storedTickets(desk, subject);
  if (only === undefined || others.length > 0) throw new Error(`the store has not one ticket "${subject}"`);
  return only;
}
