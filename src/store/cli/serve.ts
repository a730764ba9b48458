import type { Command } from 'commander';
import { readDatabaseUrl, readLogLevel, readPort } from '../runtime-config.ts';
import { addBlobOptions, type BlobFlags, readBlobs } from './blob-options.ts';
import { tellFilesAddress } from './files-address.ts';
import { untilTold } from './until-told.ts';

interface ServeFlags extends BlobFlags {
  databaseUrl?: string;
  port: string;
  host: string;
  logLevel: string;
  metricsPort?: string;
  metricsHost: string;
  json?: boolean;
}

export function addServe(program: Command): void {
  const serve = program
    .command('serve')
    .description('answer consoles over HTTP; several processes may share one database')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '8480')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--log-level <level>', 'trace, debug, info, warn, error, silent', 'info')
    .option('--metrics-port <number>', 'serve Prometheus metrics at /metrics on this port; without it, nowhere')
    .option('--metrics-host <address>', 'address of the metrics alone: anybody who reaches it reads them', '127.0.0.1')
    .option('--json', 'print {"store":{"url"}} on stdout when ready, with "metrics" and "blobs" where asked for');
  addBlobOptions(serve).action(async (flags: ServeFlags) => {
    const level = readLogLevel(flags.logLevel);
    const { metricsPort } = flags;
    const blobs = readBlobs(flags);
    const options = {
      databaseUrl: readDatabaseUrl(flags.databaseUrl),
      port: readPort(flags.port),
      host: flags.host,
      ...(metricsPort === undefined
        ? {}
        : { metrics: { host: flags.metricsHost, port: readPort(metricsPort, '--metrics-port') } }),
      ...(blobs === null ? {} : { blobs }),
    };
    const [{ createLogger }, { startStore }] = await Promise.all([import('./logger.ts'), import('../start-store.ts')]);
    const logger = createLogger(level);
    const store = await startStore({ ...options, logger });
    const { metricsUrl, blobsUrl } = store;
    if (blobsUrl !== null) tellFilesAddress(logger, blobsUrl, flags);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ store: { url: store.url }, ...(metricsUrl === null ? {} : { metrics: { url: metricsUrl } }), ...(blobsUrl === null ? {} : { blobs: { url: blobsUrl } }) })}\n`
        : `The store answers at ${store.url}\n${metricsUrl === null ? '' : `Metrics: ${metricsUrl}\n`}${blobsUrl === null ? '' : `Files: ${blobsUrl}\n`}`,
    );
    logger.info({ reason: await untilTold({ watchStdin: false }) }, 'ending');
    await store.stop();
  });
}
