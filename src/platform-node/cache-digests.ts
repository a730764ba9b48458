import type { Database } from 'better-sqlite3';
import type { CachePort, RowDigest } from '../core/ports/cache.ts';
import { directoryEntitySchema } from '../protocol/sync/messages.ts';
import { createXorSum } from '../shared/xor-sum.ts';
import { sha256Hex } from './hasher.ts';

const DIGITS = 16;

/**
 * Digests of base rows, hashed from the text that the file holds at each call: what was altered in the file since it was
 * written shows (SY4). Keys are `d` or `t` and the row's ref.
 */
export function createDigestReader(db: Database): CachePort['digests'] {
  const directory = db.prepare<[number, number], { ref: number; id: string; entity: string; doc: string }>(
    `select d.ref, i.id, d.entity, d.doc from directory d join ids i on i.ref = d.ref where d.ref > ?
      order by d.ref limit ?`,
  );
  // A ticket under an overlay has its base apart; what is shown of it is not the store's.
  const tickets = db.prepare<[number, number, number], { ref: number; id: string; doc: string }>(
    `select b.ref, i.id, b.doc from (
        select ref, doc from ticket_docs where ref > ? and not exists (select 1 from overlays o where o.ref = ticket_docs.ref)
        union all select ref, doc from base_docs where ref > ?
      ) b join ids i on i.ref = b.ref order by b.ref limit ?`,
  );
  const entries = db.prepare<[number], { doc: string }>('select doc from entries where ticket = ?');

  function directoryRows(after: number, limit: number) {
    return directory.all(after, limit).map(({ ref, id, entity, doc }) => {
      const row: RowDigest = { e: directoryEntitySchema.parse(entity), id, x: sha256Hex(doc).slice(0, DIGITS) };
      return { key: `d${ref}`, row };
    });
  }
  function ticketRows(after: number, limit: number) {
    return tickets.all(after, after, limit).map(({ ref, id, doc }) => {
      const sum = createXorSum();
      sum.add(sha256Hex(doc));
      for (const entry of entries.iterate(ref)) sum.add(sha256Hex(entry.doc));
      const row: RowDigest = { e: 'ticket', id, x: sum.hex() };
      return { key: `t${ref}`, row };
    });
  }

  return (after, limit) => {
    const ref = Number(after?.slice(1) ?? 0);
    const inDirectory = after === null || after.startsWith('d');
    const found = inDirectory ? directoryRows(ref, limit) : [];
    if (found.length < limit) found.push(...ticketRows(inDirectory ? 0 : ref, limit - found.length));
    return {
      rows: found.map(({ row }) => row),
      next: found.length < limit ? null : (found.at(-1)?.key ?? null),
    };
  };
}
