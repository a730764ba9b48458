import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CachePort, RowDigest } from '../../src/core/ports/cache.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { createProfiles, profileId, profilePaths } from '../../src/platform-node/profiles.ts';
import { type ConsoleRig, required, type Scene, signedIn } from '../support/console/console-rig.ts';
import { heldRow } from '../support/console/memory-cache.ts';

/** Divergences as a bug or a bad disk would leave them: in the stored rows, behind the back of whoever keeps them. */
export interface Planter {
  /** The text of a ticket is another one; its version stays or becomes `version`. */
  alterTicket(id: string, change: Partial<Ticket>): void;
  dropTicket(id: string): void;
  dropEntry(ticketId: string, seq: number): void;
  /** A ticket that the store never sent. */
  addTicket(ticket: Ticket): void;
  renamePerson(id: string, name: string): void;
  dropPerson(id: string): void;
}
/** A console whose cache can be tampered with while it is closed. */
export interface TamperRig {
  readonly rig: ConsoleRig;
  cache(): CachePort;
  /** Ends the process, plants, and starts another one on the same files; in memory it may die at one of its writes. */
  restart(plant: (planter: Planter) => void, dieAt?: number): Promise<void>;
  dispose(): Promise<void>;
}

export async function memoryRig(scene: Scene): Promise<TamperRig> {
  let rig = await signedIn(scene);
  return {
    get rig() {
      return rig;
    },
    cache: () => rig.cache(),
    async restart(plant, dieAt) {
      const disk = required(rig.disk.profiles.get('ana')).cache;
      rig.link.transcript.length = 0;
      await rig.core.stop();
      plant({
        alterTicket(id, change) {
          const held = required(disk.tickets.get(id));
          const value = { ...held.value, ...change };
          disk.tickets.set(id, heldRow(value, JSON.stringify(value), held.fill));
        },
        dropTicket(id) {
          for (const { value } of disk.entries.get(id)?.values() ?? []) disk.commands.delete(value.commandId);
          disk.tickets.delete(id);
          disk.entries.delete(id);
        },
        dropEntry: (ticketId, seq) => void disk.entries.get(ticketId)?.delete(seq),
        addTicket: (ticket) => void disk.tickets.set(ticket.id, heldRow(ticket, JSON.stringify(ticket), disk.fill)),
        renamePerson(id, name) {
          const held = required(disk.directory.person.get(id));
          const value = { ...held.value, name };
          disk.directory.person.set(id, heldRow(value, JSON.stringify(value), held.fill));
        },
        dropPerson: (id) => void disk.directory.person.delete(id),
      });
      rig = await rig.crash();
      rig.faults.dieAt = dieAt ?? null;
      await scene.time.advance(1_000);
    },
    dispose: () => rig.core.stop(),
  };
}

export async function fileRig(scene: Scene): Promise<TamperRig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chasqui-digest-'));
  const bootOn = (link?: ConsoleRig['link']) => {
    const log = { write: () => {} };
    const profiles = createProfiles({ dataDir, storeUrl: 'memory:', clock: { now: scene.time.now }, log });
    const rig = scene.boot(undefined, link, profiles);
    const cache = () => {
      const opened = profiles.open('ana');
      if (!opened.ok) throw new Error(opened.error.code);
      return opened.value.cache;
    };
    return { rig, cache };
  };
  let booted = bootOn();
  await signedIn(scene, 'ana', booted.rig);
  return {
    get rig() {
      return booted.rig;
    },
    cache: () => booted.cache(),
    async restart(plant) {
      booted.rig.link.transcript.length = 0;
      await booted.rig.core.stop();
      plantInFile(profilePaths(dataDir, profileId('memory:', 'ana')).cache, plant);
      booted = bootOn(booted.rig.link);
      booted.rig.core.start();
      await scene.time.advance(1_000);
    },
    async dispose() {
      await booted.rig.core.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

function plantInFile(path: string, plant: (planter: Planter) => void): void {
  const db = new Database(path);
  const refOf = (id: string) =>
    required(db.prepare<[string], { ref: number }>('select ref from ids where id = ?').get(id)).ref;
  const docOf = (table: string, id: string) =>
    required(db.prepare<[number], { doc: string }>(`select doc from ${table} where ref = ?`).get(refOf(id))).doc;
  const set = (table: string, id: string, value: object) =>
    db.prepare(`update ${table} set doc = ? where ref = ?`).run(JSON.stringify(value), refOf(id));
  plant({
    alterTicket(id, change) {
      // Under an overlay the base lies apart.
      const overlaid = db.prepare('select 1 from overlays where ref = ?').get(refOf(id)) !== undefined;
      const table = overlaid ? 'base_docs' : 'ticket_docs';
      set(table, id, { ...JSON.parse(docOf(table, id)), ...change });
      if (change.version !== undefined)
        db.prepare('update tickets set version = ? where ref = ?').run(change.version, refOf(id));
    },
    dropTicket(id) {
      const ref = refOf(id);
      for (const sql of [
        'delete from tickets where ref = ?',
        'delete from ticket_docs where ref = ?',
        'delete from entries where ticket = ?',
      ])
        db.prepare(sql).run(ref);
    },
    dropEntry: (id, seq) => void db.prepare('delete from entries where ticket = ? and seq = ?').run(refOf(id), seq),
    addTicket(ticket) {
      const ref = Number(db.prepare('insert into ids (id) values (?)').run(ticket.id).lastInsertRowid);
      const like = required(db.prepare<[], Record<string, unknown>>('select * from tickets limit 1').get());
      const names = Object.keys(like);
      db.prepare(
        `insert into tickets (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`,
      ).run({
        ...like,
        ref,
      });
      db.prepare('insert into ticket_docs (ref, doc) values (?, ?)').run(ref, JSON.stringify(ticket));
    },
    renamePerson: (id, name) => void set('directory', id, { ...JSON.parse(docOf('directory', id)), name }),
    dropPerson: (id) => void db.prepare('delete from directory where ref = ?').run(refOf(id)),
  });
  db.close();
}

export function allDigests(cache: CachePort): RowDigest[] {
  const { rows, next } = cache.digests(null, 1_000_000);
  if (next !== null) throw new Error('not all of them');
  return [...rows].sort((a, b) => (a.e + a.id < b.e + b.id ? -1 : 1));
}
