import { v7 } from 'uuid';
import { createPasswords } from '../../src/store/auth/passwords.ts';
import { seedTrial, trialDefaults } from '../../src/store/seed/trial.ts';
import { type Spawned, spawnTestConsole } from '../../test/console-process/spawn.ts';
import { wholeQueue } from '../../test/support/console/whole-queue.ts';
import type { BenchAccount, BenchDesk } from './desk.ts';

/** The trial's organisation and tickets on an empty desk: its id, and two technicians of the first line who see the same. */
export async function seedPair({ db }: BenchDesk): Promise<{ deskId: string; accounts: [BenchAccount, BenchAccount] }> {
  const deps = { db, passwords: createPasswords(), now: Date.now, onProgress: () => undefined };
  const seeded = await seedTrial(deps, trialDefaults);
  if (!seeded.ok) throw new Error(seeded.error);
  const [first, second] = seeded.value.accounts.filter((one) => one.role === 'technician' && one.tier === 1);
  if (first === undefined || second === undefined) throw new Error('the trial has too few technicians');
  return { deskId: seeded.value.deskId, accounts: [first, second] };
}

export async function open(storeUrl: string, dataDir: string, account: BenchAccount): Promise<Spawned> {
  const spawned = await spawnTestConsole(storeUrl, dataDir);
  await spawned.call('session.signIn', { user: account.user, password: account.password });
  await spawned.until('connection.get', {}, ({ state }) => state === 'online');
  return spawned;
}

/** Several, so that no timeline grows beyond what a ticket has in a desk's life. */
export async function someTickets({ call }: Spawned): Promise<string[]> {
  const { rows } = await call('queue.window', { ...wholeQueue, view: 'team', status: 'open', limit: 40 });
  if (rows.length === 0) throw new Error('the team has no ticket');
  return rows.map((row) => row.id);
}

/** B looks when it is told that there is news, as its screen does. */
export async function once(
  a: Spawned,
  b: Spawned,
  ticketId: string,
  text: string,
): Promise<{ whole: number; save: number }> {
  const arrived = Promise.withResolvers<number>();
  const look = async () => {
    const view = await b.call('ticket.get', { ticketId });
    const last = view?.entries.at(-1)?.event;
    if (last?.type === 'noteAdded' && last.text === text) arrived.resolve(performance.now());
  };
  const stop = b.console.onNews((news) => {
    if (news.view === 'ticket') void look();
  });
  const began = performance.now();
  const { results } = await a.call('acts.submit', {
    requestId: v7(),
    atomic: true,
    acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text } }],
    clearDraft: null,
  });
  const saved = performance.now();
  if (results[0]?.ok !== true) throw new Error('the note was refused');
  const end = await arrived.promise;
  stop();
  return { whole: end - began, save: saved - began };
}

export interface Rounds {
  /** From the save to the row at B, in milliseconds each. */
  readonly wholes: readonly number[];
  /** Of it, until A was told that it is saved. */
  readonly saves: readonly number[];
}

/** Notes one after the other, each on the next of these tickets; the first `warmUp` are not counted. */
export async function noteRounds(
  a: Spawned,
  b: Spawned,
  ticketIds: readonly string[],
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Rounds> {
  const wholes: number[] = [];
  const saves: number[] = [];
  for (let n = 0; n < warmUp + rounds; n++) {
    const { whole, save } = await once(a, b, ticketIds[n % ticketIds.length] ?? '', `Nota ${n} ${v7()}`);
    if (n < warmUp) continue;
    wholes.push(whole);
    saves.push(save);
  }
  return { wholes, saves };
}
