import { z } from 'zod';

/** A setting that is missing or wrong: one sentence that names it; the program ends with 2. */
export class ConfigError extends Error {}

const databaseUrlSchema = z.url({ protocol: /^postgres(ql)?$/ });
const portSchema = z.coerce.number().int().min(0).max(65_535);

export function readDatabaseUrl(given: string | undefined): string {
  const text = given ?? process.env['CHASQUI_DATABASE_URL'];
  if (text === undefined || text === '')
    throw new ConfigError(
      '--database-url is missing: give postgres://user:password@host/database, or set CHASQUI_DATABASE_URL.',
    );
  if (!databaseUrlSchema.safeParse(text).success)
    throw new ConfigError('--database-url is not a URL of the form postgres://user:password@host/database.');
  return text;
}

export function readPort(given: string, flag = '--port'): number {
  const port = portSchema.safeParse(given);
  if (!port.success) throw new ConfigError(`${flag} must be a number from 0 to 65535, not ${JSON.stringify(given)}.`);
  return port.data;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
export function readLogLevel(given: string): string {
  if (!levels.includes(given))
    throw new ConfigError(`--log-level must be one of ${levels.join(', ')}, not ${JSON.stringify(given)}.`);
  return given;
}
