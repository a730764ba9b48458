import type { StoreRow } from './store-client.ts';

/** The rows of a page one by one, as those of a pull. */
export interface PlainRows {
  readonly form: 'plain';
  readonly rows: readonly StoreRow[];
}
/**
 * The rows of a page in a form that the store client and the cache of one host share, so that hundreds of thousands of them need not
 * become objects on the way. Nothing of the core looks inside.
 */
export interface PackedRows {
  readonly form: 'packed';
  /** Those of `tickets` that the page has rows of. */
  touching(tickets: ReadonlySet<string>): readonly string[];
}
export type PageRows = PlainRows | PackedRows;
