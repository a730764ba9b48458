/**
 * Ways a write to a local file fails that the person must know of. By SQLite's result code, never by an error's text:
 * SQLITE_FULL → diskFull · SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM → readOnly · SQLITE_CORRUPT, SQLITE_NOTADB → corrupt
 * · every other I/O code → ioError. A failed write leaves the file as it was before the call.
 */
export type StorageFailure = { readonly code: 'diskFull' | 'readOnly' | 'ioError' | 'corrupt' };
