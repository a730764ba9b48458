import { pino } from 'pino';
import { faultOf } from '../../shared/fault.ts';

/**
 * Failures of the network and the system, and those of PostgreSQL that tell of the server and not of a row: connection (08),
 * authorisation (28), missing database (3D), resources (53), limits (54), intervention (57), system (58). Other messages may quote values.
 */
const TELLABLE = /^(E[A-Z]+|(08|28|3D|53|54|57|58)[0-9A-Z]{3})$/;

/** The root of an error without its values: what libraries wrap around it or hang on it may be large, or hold those of a query. */
export function plainError(error: Error): object {
  if (error.cause instanceof Error) return plainError(error.cause);
  const { name, code, at } = faultOf(error);
  const of = (key: 'table' | 'constraint' | 'routine') => {
    const value = key in error ? Reflect.get(error, key) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return {
    type: name,
    code: code ?? undefined,
    message: code !== null && TELLABLE.test(code) ? error.message : undefined,
    table: of('table'),
    constraint: of('constraint'),
    routine: of('routine'),
    at,
  };
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
