import { pino } from 'pino';

/** An error's own words: objects that libraries hang on it may be large, or hold a password. */
const plainError = (error: Error & { code?: unknown }) => ({
  type: error.name,
  code: error.code,
  message: error.message,
  stack: error.stack,
});

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
