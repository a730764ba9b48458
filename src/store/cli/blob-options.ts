import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { BlobPlace } from '../blobs/open-blobs.ts';
import type { BlobOptions } from '../blobs/start-blobs.ts';
import { ConfigError, readPort } from '../runtime-config.ts';

export interface BlobPlaceFlags {
  blobs?: string;
}
export interface BlobFlags extends BlobPlaceFlags {
  host: string;
  blobsPort: string;
  blobsUrl?: string;
}

export const BLOBS_OPTION = [
  '--blobs <folder>',
  'where files of attachments are kept: a folder that all processes share (or CHASQUI_BLOBS)',
] as const;

export const addBlobOptions = (command: Command): Command =>
  command
    .option(...BLOBS_OPTION)
    .option('--blobs-port <number>', 'port that files are read from: an origin of its own; 0 takes a free one', '8481')
    .option('--blobs-url <url>', 'origin by which consoles reach that port, behind a proxy: https://files.example');

/** Where files are; null when none was given. */
export function readBlobPlace(flags: BlobPlaceFlags): BlobPlace | null {
  const text = flags.blobs ?? process.env['CHASQUI_BLOBS'];
  return text === undefined || text === '' ? null : { kind: 'folder', folder: resolve(text) };
}

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
  if (place === null) return null;
  return {
    place,
    host: flags.host,
    port,
    publicUrl: flags.blobsUrl === undefined ? null : new URL(flags.blobsUrl).origin,
  };
}
