import { mkdir } from 'node:fs/promises';
import type { BlobStore } from './blob-store.ts';
import { createFileBlobStore } from './file-blob-store.ts';

/** Where the files of attachments are. */
export type BlobPlace = { readonly kind: 'folder'; readonly folder: string };

/** Rejects when the folder cannot be made. */
export async function openBlobStore(place: BlobPlace): Promise<BlobStore> {
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  return createFileBlobStore(place.folder);
}
