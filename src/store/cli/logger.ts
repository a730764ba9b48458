import { pino } from 'pino';

/** JSON lines on stderr: stdout belongs to the answers of the command line. */
export const createLogger = (level: string) =>
  pino(
    {
      level,
      base: { pid: process.pid },
      redact: [
        'password',
        '*.password',
        'authorization',
        '*.authorization',
        'refreshToken',
        'accessToken',
        'err.config',
      ],
    },
    pino.destination({ dest: 2, sync: true }),
  );
