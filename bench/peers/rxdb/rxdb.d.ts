// What the page uses of RxDB: its own types come only with the packages of the peers, which the product's checks do not have.
declare module 'rxdb/plugins/core' {
  interface RxQuery {
    exec(): Promise<readonly { toJSON(): Record<string, unknown> }[]>;
  }
  type RxStorageInstance = object;
  interface RxCheckpoint {
    readonly id: string;
    readonly lwt: number;
  }
  interface RxCollection {
    readonly storageInstance: RxStorageInstance;
    insert(doc: object): Promise<unknown>;
    find(query: { selector?: object; sort?: readonly object[]; limit?: number; index?: readonly string[] }): RxQuery;
    count(): { exec(): Promise<number> };
    readonly insert$: { subscribe(hear: (event: { documentId: string }) => void): void };
  }
  interface RxDatabase {
    addCollections(collections: Record<string, { schema: object }>): Promise<Record<string, RxCollection>>;
  }
  function getChangedDocumentsSince(
    storage: RxStorageInstance,
    limit: number,
    after?: RxCheckpoint,
  ): Promise<{ documents: readonly { id: unknown; doc: unknown }[]; checkpoint: RxCheckpoint }>;
  function createRxDatabase(options: { name: string; storage: object; multiInstance: boolean }): Promise<RxDatabase>;
}
declare module 'rxdb/plugins/storage-dexie' {
  function getRxStorageDexie(settings: { chromeTransactionDurability: 'strict' | 'relaxed' }): object;
}
declare module 'rxdb/plugins/replication-couchdb' {
  import type { RxCollection } from 'rxdb/plugins/core';

  interface Replication {
    awaitInitialReplication(): Promise<void>;
    readonly error$: { subscribe(hear: (error: { message: string }) => void): void };
    cancel(): Promise<unknown>;
  }
  function replicateCouchDB(options: {
    replicationIdentifier: string;
    collection: RxCollection;
    url: string;
    live: boolean;
    waitForLeadership: boolean;
    retryTime?: number;
    pull?: { batchSize: number };
    push?: { batchSize: number };
  }): Replication;
}
