import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the bench uses of PouchDB; the package itself is there only once the peers are installed. */
export interface PouchDoc {
  readonly _id: string;
  readonly _rev?: string;
  readonly [field: string]: unknown;
}
interface Changes {
  on(event: 'change', hear: (change: { id: string; doc?: PouchDoc }) => void): Changes;
  cancel(): void;
}
interface Replication extends Promise<{ readonly docs_read: number; readonly docs_written: number }> {
  on(event: 'change', hear: (change: { readonly docs_read: number }) => void): Replication;
  on(event: 'error', hear: (error: unknown) => void): Replication;
  cancel(): void;
}
interface ReplicationOptions {
  readonly live?: boolean;
  readonly retry?: boolean;
  readonly batch_size?: number;
  readonly batches_limit?: number;
}
interface ChangesOptions {
  readonly since: number | 'now';
  readonly live?: boolean;
  readonly include_docs?: boolean;
}
interface PageOptions {
  readonly include_docs: boolean;
  readonly limit: number;
  readonly startkey?: unknown;
  readonly endkey?: unknown;
  readonly skip?: number;
  /** Answers from what is indexed; `update_after`: and indexes the rest afterwards. */
  readonly stale?: 'update_after' | 'ok';
}
interface Page {
  readonly rows: readonly { readonly id: string; readonly doc?: PouchDoc }[];
}
export interface Pouch {
  bulkDocs(docs: readonly PouchDoc[]): Promise<readonly { readonly ok?: boolean }[]>;
  put(doc: PouchDoc): Promise<unknown>;
  allDocs(options: PageOptions): Promise<Page>;
  query(view: string, options: PageOptions): Promise<Page>;
  changes(options: ChangesOptions & { readonly live: true }): Changes;
  changes(options: ChangesOptions): Promise<{ readonly results: readonly { readonly id: string; doc?: PouchDoc }[] }>;
  readonly replicate: {
    from(url: string, options: ReplicationOptions): Replication;
    to(url: string, options: ReplicationOptions): Replication;
  };
  sync(url: string, options: ReplicationOptions): { cancel(): void };
  info(): Promise<{ readonly doc_count: number; readonly update_seq: number }>;
  close(): Promise<void>;
}
interface PouchOptions {
  readonly auto_compaction?: boolean;
  readonly view_update_changes_batch_size?: number;
}
export interface PouchConstructor {
  new (name: string, options?: PouchOptions): Pouch;
  defaults(options: { readonly prefix: string }): PouchConstructor;
}

/** Resolves from the folder of the peers, whose packages are not the product's. */
export const requirePeer = createRequire(join(import.meta.dirname, '..', 'package.json'));
export const loadPouch = (): PouchConstructor => requirePeer('pouchdb');
