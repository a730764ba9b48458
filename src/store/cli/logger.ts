import { pino } from 'pino';

/** The root's own words: what libraries wrap around it or hang on it may be large, or hold values of a query. */
function plainError(error: Error & { code?: unknown }): object {
  if (error.cause instanceof Error) return plainError(error.cause);
  return { type: error.name, code: error.code, message: error.message, stack: error.stack };
}

/** JSON lines on stderr: stdout belongs to the answers of the command line. */
export const createLogger = (level: string) =>
  pino(
    {
      level,
      base: { pid: process.pid },
      serializers: { err: plainError },
      redact: ['password', '*.password', 'authorization', '*.authorization', 'refreshToken', 'accessToken'],
    },
    pino.destination({ dest: 2, sync: true }),
  );
