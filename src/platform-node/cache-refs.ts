import type { Database } from 'better-sqlite3';
import { sortKey } from './ticket-columns.ts';

const REMEMBERED = 20_000;

/** Ids as integers, and names by them. What is remembered is dropped when a transaction rolls back: it may not exist. */
export function createRefs(db: Database) {
  const select = db.prepare<[string], { ref: number }>('select ref from ids where id = ?');
  const insert = db.prepare('insert into ids (id) values (?) on conflict do nothing');
  const selectMany = db.prepare<[string], { id: string; ref: number }>(
    'select id, ref from ids where id in (select value from json_each(?))',
  );
  const insertMany = db.prepare<[number, string]>('insert into ids (ref, id) select ? + key, value from json_each(?)');
  const last = db.prepare<[], { ref: number | null }>('select max(ref) as ref from ids');
  const nameOf = db.prepare<[number], { name: string }>('select name from directory where ref = ?');
  const refs = new Map<string, number>();
  const keys = new Map<number, string>();

  function find(id: string): number | null {
    const known = refs.get(id);
    if (known !== undefined) return known;
    const row = select.get(id);
    if (row === undefined) return null;
    remember(id, row.ref);
    return row.ref;
  }
  function remember(id: string, ref: number): void {
    if (refs.size >= REMEMBERED) refs.clear();
    refs.set(id, ref);
  }
  function refOf(id: string): number {
    return find(id) ?? make(id);
  }
  function make(id: string): number {
    const ref = Number(insert.run(id).lastInsertRowid);
    remember(id, ref);
    return ref;
  }
  function findAll(ids: readonly string[]): Map<string, number> {
    const found = new Map<string, number>();
    const unknown: string[] = [];
    for (const id of ids) {
      const known = refs.get(id);
      if (known === undefined) unknown.push(id);
      else found.set(id, known);
    }
    if (unknown.length === 0) return found;
    for (const { id, ref } of selectMany.iterate(JSON.stringify(unknown))) found.set(id, ref);
    return found;
  }
  return {
    find,
    refOf,
    /**
     * `refOf` of many ids, none of them twice, by a statement or two. Those from `firstNew` on were new, and nothing can have a row under
     * them.
     */
    refsOf(ids: readonly string[]): { readonly refs: Float64Array; readonly firstNew: number } {
      const found = findAll(ids);
      const firstNew = (last.get()?.ref ?? 0) + 1;
      const made: string[] = [];
      const all = new Float64Array(ids.length);
      ids.forEach((id, at) => {
        const known = found.get(id);
        all[at] = known ?? firstNew + made.length;
        if (known === undefined) made.push(id);
      });
      if (made.length > 0) insertMany.run(firstNew, JSON.stringify(made));
      return { refs: all, firstNew };
    },
    /**
     * Gives an id its integer where it has none yet, and null where it has one. In a first fill most ids are new, and nothing
     * can have a row under a new integer: one statement instead of a search in each table.
     */
    newRef(id: string): number | null {
      if (refs.has(id)) return null;
      const { changes, lastInsertRowid } = insert.run(id);
      if (changes === 0) return null;
      const ref = Number(lastInsertRowid);
      remember(id, ref);
      return ref;
    },
    nameKey(ref: number): string {
      let key = keys.get(ref);
      if (key === undefined) {
        key = sortKey(nameOf.get(ref)?.name ?? '');
        keys.set(ref, key);
      }
      return key;
    },
    forgetNames: () => keys.clear(),
    forget(): void {
      refs.clear();
      keys.clear();
    },
  };
}
export type Refs = ReturnType<typeof createRefs>;
