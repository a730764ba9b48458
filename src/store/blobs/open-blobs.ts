import type { BlobStore } from './blob-store.ts';
import { createFileBlobStore } from './file-blob-store.ts';
import { createS3BlobStore } from './s3-blob-store.ts';
import type { S3Place } from './s3-client.ts';

/** Where the files of attachments are. */
export type BlobPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 's3'; readonly s3: S3Place };

/** Asks nothing of the place and makes none: a folder that is not there may be one that is not mounted. */
export const openBlobStore = (place: BlobPlace): BlobStore =>
  place.kind === 's3' ? createS3BlobStore(place.s3) : createFileBlobStore(place.folder);
