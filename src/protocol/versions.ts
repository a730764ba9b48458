/** Version of the sync wire. An older console may always push; a store refuses only what it cannot read (SY16). */
export const PROTOCOL_VERSION = 3;
/**
 * Oldest console that this store still answers in full; one below may say hello and push. One of protocol 1 reads no row of a ticket
 * that was merged or split, one of protocol 2 none of a ticket with attachments.
 */
export const MIN_PROTOCOL_VERSION = 3;
/** Version of the rows that the store sends. A console with an older one refills its cache. */
export const SCHEMA_VERSION = 3;
/** Version of the contract between renderer and core. */
export const CONSOLE_CONTRACT_VERSION = 5;
