import type { Command } from 'commander';
import { readDatabaseUrl, readLogLevel, readPort } from '../runtime-config.ts';
import { untilTold } from './until-told.ts';

interface ServeFlags {
  databaseUrl?: string;
  port: string;
  host: string;
  logLevel: string;
  json?: boolean;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('answer consoles over HTTP; several processes may share one database')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '8480')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--log-level <level>', 'trace, debug, info, warn, error, silent', 'info')
    .option('--json', 'print {"store":{"url"}} on stdout when ready')
    .action(async (flags: ServeFlags) => {
      const level = readLogLevel(flags.logLevel);
      const options = { databaseUrl: readDatabaseUrl(flags.databaseUrl), port: readPort(flags.port), host: flags.host };
      const [{ createLogger }, { startStore }] = await Promise.all([
        import('./logger.ts'),
        import('../start-store.ts'),
      ]);
      const logger = createLogger(level);
      const store = await startStore({ ...options, logger });
      process.stdout.write(
        flags.json ? `${JSON.stringify({ store: { url: store.url } })}\n` : `The store answers at ${store.url}\n`,
      );
      logger.info({ reason: await untilTold({ watchStdin: false }) }, 'ending');
      await store.stop();
    });
}
