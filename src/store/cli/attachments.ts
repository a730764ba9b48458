import type { Command } from 'commander';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Collected } from '../blobs/collect.ts';
import type { Database } from '../db/pool.ts';
import { ConfigError } from '../runtime-config.ts';
import { addPlaceOptions, type BlobPlaceFlags, readBlobPlace } from './blob-options.ts';
import { withDatabase } from './with-database.ts';

interface AttachmentFlags extends BlobPlaceFlags {
  databaseUrl?: string;
  collect?: boolean;
  /** True: a place with no mark of another; else the mark that it bears. */
  claim?: boolean | string;
  json?: boolean;
}
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Says so and gives false when the place was left to whose it is. */
async function claim(db: Database, store: BlobStore, flag: boolean | string): Promise<boolean> {
  const { claimPlace, standingWords } = await import('../blobs/place-mark.ts');
  const claimed = await claimPlace(db, store, { named: typeof flag === 'string' ? flag : null, now: Date.now });
  if (claimed.ok) return true;
  const words = standingWords(store.place, claimed.error) ?? `${store.place} bears another mark than that`;
  process.stderr.write(`${words}. Nothing was changed: --claim MARK takes a place from another database.\n`);
  process.exitCode = 1;
  return false;
}

/** Undefined: it was not done, for what the report says of the place. */
async function collectNow(collect: () => Promise<Collected | null>): Promise<Collected | null | undefined> {
  const { BlobsUnavailable } = await import('../blobs/blob-store.ts');
  try {
    return await collect();
  } catch (error) {
    if (error instanceof BlobsUnavailable) return undefined;
    throw error;
  }
}

async function runAttachments(flags: AttachmentFlags): Promise<void> {
  const place = readBlobPlace(flags);
  if (place === null) throw new ConfigError('--blobs or --blobs-s3 is missing: where are the files?');
  await withDatabase(flags.databaseUrl, async (db) => {
    const [{ openBlobStore }, { blobHealth }, { collect }, { createOwnPlace }] = await Promise.all([
      import('../blobs/open-blobs.ts'),
      import('../blobs/blob-report.ts'),
      import('../blobs/collect.ts'),
      import('../blobs/own-place.ts'),
    ]);
    const raw = openBlobStore(place);
    if (flags.claim !== undefined && !(await claim(db, raw, flags.claim))) return;
    const store = createOwnPlace({ db, now: Date.now }, raw);
    const onTrouble = (about: string, error: unknown) =>
      process.stderr.write(`${about} was left: ${error instanceof Error ? error.message : String(error)}\n`);
    const collected = flags.collect
      ? await collectNow(() => collect({ db, store, now: Date.now, onTrouble }))
      : undefined;
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
    .option('--collect', 'take away what nobody needs: of all stores that serve, one does it once a day')
    .option(
      '--claim [mark]',
      'make the place this database’s: a new one, or that of a copy; one of another database only by the mark that doctor names',
    )
    .option('--json', 'print one JSON object');
  addPlaceOptions(attachments).action(runAttachments);
}
