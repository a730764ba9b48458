import type { Database } from 'better-sqlite3';
import type { z } from 'zod';
import type { StoreRow } from '../core/ports/store-client.ts';
import type { DirectoryEntity, DirectoryLookup } from '../domain/directory.ts';
import { directorySchemas } from '../domain/directory.ts';
import type { Refs } from './cache-refs.ts';
import { readStored } from './stored-row.ts';
import { sortKey } from './ticket-columns.ts';

export type DirectoryRow = Exclude<StoreRow, { entity: 'ticket' | 'entry' }>;

/** Names as the screen shows them; Spanish ones of services, as the directory's own order goes by them. */
function nameOf(row: DirectoryRow): string {
  switch (row.entity) {
    case 'service':
      return row.row.nameEs;
    case 'asset':
      return row.row.tag;
    case 'membership':
      return '';
    default:
      return row.row.name;
  }
}

/** Words by which people and devices are found. */
function wordsOf(row: DirectoryRow): string | null {
  if (row.entity === 'person') {
    const { name, email, extension, jobTitle } = row.row;
    return [name, email, extension, jobTitle].filter((text) => text !== null).join(' ');
  }
  if (row.entity === 'asset') {
    const { tag, hostName, ip, model } = row.row;
    return [tag, hostName, ip, model].filter((text) => text !== null).join(' ');
  }
  return null;
}

/** Writes directory rows and keeps the keys of tickets that carry a changed name. */
export function createDirectoryWriter(db: Database, refs: Refs, onRenamed: (requesterRef: number) => void) {
  const sql = {
    held: db.prepare<[number], { entity: string; version: number; generation: number; name: string }>(
      'select entity, version, generation, name from directory where ref = ?',
    ),
    put: db.prepare(
      `insert into directory (ref, entity, version, generation, active, name, name_key, doc) values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (ref) do update set version = excluded.version, generation = excluded.generation,
        active = excluded.active, name = excluded.name, name_key = excluded.name_key, doc = excluded.doc`,
    ),
    membership: db.prepare(
      `insert into memberships (ref, team, person) values (?, ?, ?) on conflict (ref) do update set team = excluded.team,
        person = excluded.person`,
    ),
    asset: db.prepare(
      `insert into assets (ref, person, tag_key) values (?, ?, ?) on conflict (ref) do update set person = excluded.person,
        tag_key = excluded.tag_key`,
    ),
    forgetWords: db.prepare('delete from directory_search where rowid = ?'),
    words: db.prepare('insert into directory_search (rowid, words) values (?, ?)'),
    anyTicket: db.prepare<[], { found: number }>('select exists (select 1 from tickets) as found'),
    requested: db.prepare<[number], { ref: number }>('select ref from tickets where requester = ?'),
    renameRequester: db.prepare('update tickets set requester_key = ? where requester = ?'),
    renameAssignee: db.prepare('update tickets set assignee_key = ? where assignee = ?'),
    renameSite: db.prepare('update tickets set site_key = ? where site = ?'),
    stale: db.prepare<[number], { ref: number; entity: DirectoryEntity }>(
      'select ref, entity from directory where generation < ?',
    ),
    drop: db.prepare('delete from directory where ref = ?'),
    dropMembership: db.prepare('delete from memberships where ref = ?'),
    dropAsset: db.prepare('delete from assets where ref = ?'),
  };

  function drop(ref: number, entity: DirectoryEntity): void {
    sql.drop.run(ref);
    if (entity === 'membership') sql.dropMembership.run(ref);
    if (entity === 'asset') sql.dropAsset.run(ref);
    if (entity === 'asset' || entity === 'person') sql.forgetWords.run(ref);
    rename(entity, ref, '');
  }
  function rename(entity: DirectoryEntity, ref: number, key: string): void {
    refs.forgetNames();
    if (sql.anyTicket.get()?.found !== 1) return;
    if (entity === 'site') sql.renameSite.run(key, ref);
    if (entity !== 'person') return;
    sql.renameAssignee.run(key, ref);
    sql.renameRequester.run(key, ref);
    for (const { ref: ticket } of sql.requested.all(ref)) onRenamed(ticket);
  }

  return {
    /** Leaves a row of this fill whose version is not above the held one. */
    upsert(item: DirectoryRow, generation: number): void {
      const ref = refs.refOf(item.row.id);
      const held = sql.held.get(ref);
      if (held !== undefined && held.generation === generation && item.row.version <= held.version) return;
      const name = nameOf(item);
      const key = sortKey(name);
      sql.put.run(ref, item.entity, item.row.version, generation, item.row.active ? 1 : 0, name, key, item.doc);
      if (item.entity === 'membership') {
        sql.membership.run(ref, refs.refOf(item.row.teamId), refs.refOf(item.row.personId));
      }
      if (item.entity === 'asset') {
        sql.asset.run(ref, item.row.personId === null ? null : refs.refOf(item.row.personId), key);
      }
      const words = wordsOf(item);
      if (words !== null) {
        if (held !== undefined) sql.forgetWords.run(ref);
        if (item.row.active) sql.words.run(ref, words);
      }
      if (held?.name !== name) rename(item.entity, ref, key);
    },
    remove(entity: DirectoryEntity, id: string): void {
      const ref = refs.find(id);
      if (ref !== null && sql.held.get(ref)?.entity === entity) drop(ref, entity);
    },
    /** Drops the rows that this fill did not send. */
    dropBefore(generation: number): void {
      for (const { ref, entity } of sql.stale.all(generation)) drop(ref, entity);
    },
  };
}

/** Answers from the rows as they are at each call. Inactive rows are found: a ticket may still name them. */
export function createDirectoryLookup(db: Database, refOf: (id: string) => number | null): DirectoryLookup {
  const doc = db.prepare<[number, string], { doc: string }>('select doc from directory where ref = ? and entity = ?');
  const member = db.prepare<[number, number], { found: number }>(
    `select exists (select 1 from memberships m join directory d on d.ref = m.ref
      where m.person = ? and m.team = ? and d.active = 1) as found`,
  );
  const triage = db.prepare<[], { doc: string }>(
    `select doc from directory where entity = 'team' and active = 1 and doc ->> '$.triage' = 1 limit 1`,
  );
  const find = <S extends z.ZodType>(entity: DirectoryEntity, schema: S) => {
    return (id: string): z.output<S> | null => {
      const ref = refOf(id);
      const row = ref === null ? undefined : doc.get(ref, entity);
      return row === undefined ? null : readStored(schema, row.doc);
    };
  };
  return {
    site: find('site', directorySchemas.site),
    orgUnit: find('orgUnit', directorySchemas.orgUnit),
    person: find('person', directorySchemas.person),
    team: find('team', directorySchemas.team),
    service: find('service', directorySchemas.service),
    asset: find('asset', directorySchemas.asset),
    isMember(personId, teamId) {
      const [person, team] = [refOf(personId), refOf(teamId)];
      return person !== null && team !== null && member.get(person, team)?.found === 1;
    },
    triageTeam() {
      const row = triage.get();
      return row === undefined ? null : readStored(directorySchemas.team, row.doc);
    },
  };
}
