import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { BlobPlace } from '../blobs/open-blobs.ts';
import type { BlobOptions } from '../blobs/start-blobs.ts';
import { ConfigError, readPort } from '../runtime-config.ts';

export interface BlobPlaceFlags {
  blobs?: string;
  blobsS3?: string;
}
export interface BlobFlags extends BlobPlaceFlags {
  host: string;
  blobsPort: string;
  blobsUrl?: string;
  blobsQuota?: string;
}

export const addPlaceOptions = (command: Command): Command =>
  command
    .option(
      '--blobs <folder>',
      'files of attachments: a folder of this database alone, that all its processes share (or CHASQUI_BLOBS)',
    )
    .option(
      '--blobs-s3 <url>',
      'files of attachments: https://service/bucket/prefix, of this database alone, keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or CHASQUI_BLOBS_S3)',
    );

/** Where files are, and where consoles fetch them. */
export const addReachOptions = (command: Command): Command =>
  addPlaceOptions(command)
    .option('--blobs-port <number>', 'port that files are read from: an origin of its own; 0 takes a free one', '8481')
    .option('--blobs-url <url>', 'origin by which consoles reach that port, behind a proxy: https://files.example');

export const addBlobOptions = (command: Command): Command =>
  addReachOptions(command).option(
    '--blobs-quota <gigabytes>',
    'most that all files of one desk may come to; without it, what the place has',
  );

const s3Schema = z.url({ protocol: /^https?$/ }).transform((text, check) => {
  const { origin, pathname, search, username } = new URL(text);
  const [bucket = '', ...prefix] = pathname.split('/').filter((part) => part !== '');
  if (!/^[a-z0-9][a-z0-9._-]{1,62}$/.test(bucket) || search !== '' || username !== '') check.addIssue('bucket');
  return { endpoint: origin, bucket, prefix: prefix.map((part) => `${part}/`).join('') };
});

function readS3(text: string): BlobPlace {
  const place = s3Schema.safeParse(text);
  if (!place.success)
    throw new ConfigError('--blobs-s3 must be https://service/bucket or https://service/bucket/prefix.');
  const { env } = process;
  const [accessKeyId = '', secretAccessKey = ''] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (accessKeyId === '' || secretAccessKey === '')
    throw new ConfigError('--blobs-s3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.');
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  return { kind: 's3', s3: { ...place.data, region, accessKeyId, secretAccessKey } };
}

/** Where files are; null when no place was given. */
export function readBlobPlace(flags: BlobPlaceFlags): BlobPlace | null {
  const folder = flags.blobs ?? process.env['CHASQUI_BLOBS'] ?? '';
  const s3 = flags.blobsS3 ?? process.env['CHASQUI_BLOBS_S3'] ?? '';
  if (folder !== '' && s3 !== '') throw new ConfigError('--blobs and --blobs-s3 are two places: give one.');
  if (s3 !== '') return readS3(s3);
  return folder === '' ? null : { kind: 'folder', folder: resolve(folder) };
}

const quotaSchema = z.coerce.number().positive().max(1_000_000);

const originSchema = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { pathname, search, hash, username } = new URL(text);
  return pathname === '/' && search === '' && hash === '' && username === '';
});

/** Options of a store that serves; null: it takes no files. */
export function readBlobs(flags: BlobFlags): BlobOptions | null {
  const place = readBlobPlace(flags);
  const port = readPort(flags.blobsPort, '--blobs-port');
  if (flags.blobsUrl !== undefined && !originSchema.safeParse(flags.blobsUrl).success)
    throw new ConfigError('--blobs-url must be an origin, as https://files.example, with no path.');
  const quota = flags.blobsQuota === undefined ? null : quotaSchema.safeParse(flags.blobsQuota);
  if (quota?.success === false)
    throw new ConfigError('--blobs-quota must be a number of gigabytes above 0, as 500 or 0.5.');
  if (place === null) return null;
  if (flags.blobsUrl === undefined && isIP(flags.host) !== 0 && /^[0:.]+$/.test(flags.host))
    throw new ConfigError(
      `--blobs-url is missing: with --host ${flags.host}, how do consoles reach the port of the files?`,
    );
  return {
    place,
    host: flags.host,
    port,
    deskBytes: quota === null ? null : Math.floor(quota.data * 1_000_000_000),
    publicUrl: flags.blobsUrl === undefined ? null : new URL(flags.blobsUrl).origin,
  };
}
