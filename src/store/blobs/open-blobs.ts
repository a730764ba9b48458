import { mkdir } from 'node:fs/promises';
import type { BlobStore } from './blob-store.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createS3BlobStore } from './s3-blob-store.ts';
import type { S3Place } from './s3-client.ts';

/** Where the files of attachments are. */
export type BlobPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 's3'; readonly s3: S3Place };

/** Rejects when the folder cannot be made. */
export async function openBlobStore(place: BlobPlace): Promise<BlobStore> {
  if (place.kind === 's3') return createS3BlobStore(place.s3);
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  return createFileBlobStore(place.folder);
}
