import type { Result } from '../../shared/result.ts';
import type { Database } from '../db/pool.ts';
import { BlobGone, type BlobStore, BlobsUnavailable } from './blob-store.ts';
import { bears, type PlaceStanding, settlePlace, standingWords } from './place-mark.ts';

/** It is there, but it is not the place of this database: not mounted, or another's. */
export class NotOurPlace extends BlobsUnavailable {
  readonly standing: PlaceStanding;
  constructor(place: string, standing: PlaceStanding) {
    super(standingWords(place, standing) ?? `${place} does not keep the mark of this database`);
    this.standing = standing;
  }
}

/** A place of files that gives and takes only while it bears the mark of this database; rejects with `BlobsUnavailable` else. */
export interface OwnPlace extends BlobStore {
  /** Reads the mark now. Rejects when the place does not answer, when it is not this database's, and when the database does not answer. */
  look(): Promise<void>;
}
export interface OwnPlaceDeps {
  readonly db: Pick<Database, 'pool'>;
  readonly now: () => number;
  /** It became the database's (null), or was found not to be. Called once a change. */
  readonly onStanding?: (trouble: NotOurPlace | null) => void;
}

/** How long a mark that was read is taken to be there, by whoever does not find something missing. */
const TRUST_MS = 1_000;

/**
 * Nothing is believed of a place that is not the database's. What is found under a random name is the object; what is not there, and what was
 * written, counts only when the mark is read after it: a folder that goes away in between leaves an empty mount point behind.
 */
export function createOwnPlace({ db, now, onStanding }: OwnPlaceDeps, store: BlobStore): OwnPlace {
  let id: string | null = null;
  let readAt: number | null = null;
  let told: string | null = null;

  function tell(trouble: NotOurPlace | null): void {
    const kind = trouble === null ? null : trouble.standing.kind;
    if (told === kind) return;
    told = kind;
    onStanding?.(trouble);
  }

  async function look(): Promise<void> {
    readAt = null;
    const at = now();
    if (id === null || !(await bears(store, id))) {
      // The database may have been given another place meanwhile.
      id = null;
      const settled: Result<string, PlaceStanding> = await settlePlace(db, store, now);
      if (!settled.ok) {
        const trouble = new NotOurPlace(store.place, settled.error);
        tell(trouble);
        throw trouble;
      }
      id = settled.value;
    }
    readAt = at;
    tell(null);
  }
  /** Not for a negative answer, nor after a write. */
  const trusted = (): Promise<void> =>
    readAt !== null && Math.abs(now() - readAt) < TRUST_MS ? Promise.resolve() : look();

  return {
    place: store.place,
    look,
    prepare: () => store.prepare(),
    async put(name, source, about) {
      await trusted();
      const put = await store.put(name, source, about);
      if (!put.ok) return put;
      try {
        await look();
      } catch (error) {
        // It may lie where nobody will look for it.
        await store.delete(name).catch(() => undefined);
        throw error;
      }
      return put;
    },
    async sizeOf(name) {
      await trusted();
      const size = await store.sizeOf(name);
      if (size === null) await look();
      return size;
    },
    async *read(name, range) {
      await trusted();
      try {
        yield* store.read(name, range);
      } catch (error) {
        if (error instanceof BlobGone) await look();
        throw error;
      }
    },
    async delete(name) {
      await trusted();
      await store.delete(name);
    },
    async *list(skipped) {
      await look();
      yield* store.list(skipped);
    },
    async room() {
      await trusted();
      return store.room();
    },
  };
}
