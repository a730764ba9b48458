import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CacheMeta } from '../core/ports/cache.ts';
import { snapshotEntitySchema } from '../protocol/sync/messages.ts';

const fillSchema = z.object({
  epoch: z.string(),
  pin: z.int(),
  logHash: z.string(),
  seal: z.string(),
  scopeVersion: z.string(),
  entity: snapshotEntitySchema,
  after: z.string().nullable(),
  done: z.int(),
  total: z.int().nullable(),
});
const metaSchema: z.ZodType<CacheMeta, unknown> = z.object({
  epoch: z.string().nullable(),
  cursor: z.int().nullable(),
  logHash: z.string().nullable(),
  // A cache of before there were seals goes on from its cursor; the next pull brings one.
  seal: z.string().nullable().default(null),
  scopeVersion: z.string().nullable(),
  schema: z.int().nullable(),
  fill: fillSchema.nullable(),
  caughtUp: z.boolean(),
});
export const emptyMeta: CacheMeta = {
  epoch: null,
  cursor: null,
  logHash: null,
  seal: null,
  scopeVersion: null,
  schema: null,
  fill: null,
  caughtUp: false,
};

/** Where the cache stands, in the one row of `meta`. A value that cannot be read counts as an empty cache: it is filled anew. */
export function createMetaStore(db: Database) {
  const read = db.prepare<[], { revision: number; generation: number; indexed: number; value: string | null }>(
    'select revision, generation, indexed, value from meta',
  );
  const write = db.prepare('update meta set value = ?');
  const nextGeneration = db.prepare('update meta set generation = generation + 1');
  const bump = db.prepare('update meta set revision = revision + 1');
  const row = () => read.get() ?? { revision: 0, generation: 0, indexed: 0, value: null };
  return {
    revision: () => row().revision,
    generation: () => row().generation,
    indexed: () => row().indexed === 1,
    get(): CacheMeta {
      const { value } = row();
      if (value === null) return emptyMeta;
      const parsed = metaSchema.safeParse(JSON.parse(value));
      return parsed.success ? parsed.data : emptyMeta;
    },
    set: (meta: CacheMeta) => void write.run(JSON.stringify(meta)),
    nextGeneration: () => void nextGeneration.run(),
    bump: () => void bump.run(),
  };
}
