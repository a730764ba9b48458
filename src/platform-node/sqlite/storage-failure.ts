import Database from 'better-sqlite3';
import type { StorageFailure } from '../../core/ports/storage-failure.ts';
import { err, ok, type Result } from '../../shared/result.ts';

const bySystemCode: Record<string, StorageFailure['code']> = {
  ENOSPC: 'diskFull',
  EDQUOT: 'diskFull',
  EROFS: 'readOnly',
  EACCES: 'readOnly',
  EPERM: 'readOnly',
  EIO: 'ioError',
  EMFILE: 'ioError',
  ENFILE: 'ioError',
};

/** The failure that a thrown error stands for, by its result code; null when it is a bug of ours. */
export function storageFailureOf(error: unknown): StorageFailure | null {
  if (error instanceof Database.SqliteError) {
    // Extended codes begin with the primary one: SQLITE_IOERR_FSYNC, SQLITE_READONLY_DIRECTORY …
    const primary = error.code.split('_').slice(0, 2).join('_');
    switch (primary) {
      case 'SQLITE_FULL':
        return { code: 'diskFull' };
      case 'SQLITE_READONLY':
      case 'SQLITE_CANTOPEN':
      case 'SQLITE_PERM':
        return { code: 'readOnly' };
      case 'SQLITE_CORRUPT':
      case 'SQLITE_NOTADB':
        return { code: 'corrupt' };
      case 'SQLITE_IOERR':
      case 'SQLITE_BUSY':
      case 'SQLITE_LOCKED':
      case 'SQLITE_PROTOCOL':
      case 'SQLITE_NOMEM':
        return { code: 'ioError' };
      default:
        return null;
    }
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const code = bySystemCode[error.code];
    return code === undefined ? null : { code };
  }
  return null;
}

/** Runs `work`; failures of the disk come back as values, bugs go through. */
export function attempt<T>(work: () => T): Result<T, StorageFailure> {
  try {
    return ok(work());
  } catch (error) {
    const failure = storageFailureOf(error);
    if (failure === null) throw error;
    return err(failure);
  }
}
