import type { Command } from 'commander';
import { ConfigError } from '../runtime-config.ts';
import { addPlaceOptions, type BlobPlaceFlags, readBlobPlace } from './blob-options.ts';
import { withDatabase } from './with-database.ts';

interface AttachmentFlags extends BlobPlaceFlags {
  databaseUrl?: string;
  collect?: boolean;
  json?: boolean;
}
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

async function runAttachments(flags: AttachmentFlags): Promise<void> {
  const place = readBlobPlace(flags);
  if (place === null) throw new ConfigError('--blobs or --blobs-s3 is missing: where are the files?');
  await withDatabase(flags.databaseUrl, async (db) => {
    const [{ openBlobStore }, { blobHealth }, { collect }] = await Promise.all([
      import('../blobs/open-blobs.ts'),
      import('../blobs/blob-report.ts'),
      import('../blobs/collect.ts'),
    ]);
    const store = await openBlobStore(place);
    const collected = flags.collect ? await collect({ db, store, now: Date.now }) : undefined;
    const health = await blobHealth(db, store);
    if (!health.works || health.full) process.exitCode = 1;
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ ...health, ...(collected === undefined ? {} : { collected }) })}\n`);
      return;
    }
    const lines = [
      `${health.place}: ${health.trouble ?? 'works'}${health.room === null ? '' : `, room for ${megabytes(health.room)}`}`,
      ...health.desks.flatMap((desk) => [
        `${desk.name}: ${desk.attachments} attachments, ${desk.waiting} still with their authors; ${desk.files} files, ${megabytes(desk.bytes)}`,
        `  ${desk.unnamed} files that no act names yet; ${desk.uploads} uploads under way, ${megabytes(desk.uploadBytes)} of them here`,
      ]),
    ];
    if (collected === null) lines.push('Another process is collecting: nothing was done here.');
    else if (collected !== undefined)
      lines.push(
        `Taken away: ${collected.uploads} uploads, ${collected.files} files, ${collected.objects} objects without a row: ${megabytes(collected.bytes)}; ${collected.kept} objects without a row stay`,
      );
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

export function addAttachments(program: Command): void {
  const attachments = program
    .command('attachments')
    .description('files of attachments: what is there, and whether their place works; 1 when it does not')
    .option('--database-url <url>', 'PostgreSQL, as postgres://user:password@host/database (or CHASQUI_DATABASE_URL)')
    .option('--collect', 'take away what nobody needs: a store that serves does it once a day')
    .option('--json', 'print one JSON object');
  addPlaceOptions(attachments).action(runAttachments);
}
