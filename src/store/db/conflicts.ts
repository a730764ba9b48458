import pg from 'pg';

/** Deadlock, serialisation failure, and the same key inserted at the same moment: the transaction may simply run again. */
const RETRYABLE = new Set(['40P01', '40001', '23505']);
/** The server is going away, is not there, or takes no more connections. */
const UNAVAILABLE = new Set(['57P01', '57P02', '57P03', '53300', '53100', '53200', '08000', '08003', '08006']);
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ESILENT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

export const isConflict = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code !== undefined && RETRYABLE.has(error.code);

/** True for failures of the database as a whole: the caller answers 503 and the console tries again later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return error.code !== undefined && UNAVAILABLE.has(error.code);
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return NETWORK.has(code);
  return error.cause !== undefined && isUnavailable(error.cause);
}
