import { createReadStream } from 'node:fs';
import { createZstdDecompress } from 'node:zlib';
import type { BackupFile } from './file-format.ts';

/** The packed rows of a checked file: pieces of COPY text, and null after the last of each table. */
export async function* unpack({ path, from, to }: BackupFile): AsyncGenerator<Buffer | null> {
  const source = createReadStream(path, { start: from, end: to });
  const unpacked = createZstdDecompress();
  source.on('error', (error) => unpacked.destroy(error));
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source.pipe(unpacked) as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (held.length - at >= 4) {
      const length = held.readUInt32BE(at);
      if (held.length - at - 4 < length) break;
      yield length === 0 ? null : held.subarray(at + 4, at + 4 + length);
      at += 4 + length;
    }
    held = held.subarray(at);
  }
}
