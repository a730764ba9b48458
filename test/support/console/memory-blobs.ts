import { createHash } from 'node:crypto';
import type { BlobFailure, BlobFilesPort } from '../../../src/core/ports/blob-files.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import type { WriteGate } from './memory-outbox.ts';

interface HeldFile {
  readonly bytes: Uint8Array;
  readonly changedAt: number;
}
/** What survives a crash. Bytes are never changed in place. */
export interface BlobDisk {
  parts: Map<string, HeldFile>;
  files: Map<string, HeldFile>;
  /** Bytes that may still be written; null: the system does not say. */
  room: number | null;
  /** SHA-256 of files that were read whole to compare them, in order. */
  readonly compared: string[];
  /** SHA-256 of files that the disk does not give any more. */
  readonly unreadable: Set<string>;
}
export const emptyBlobDisk = (): BlobDisk => ({
  parts: new Map(),
  files: new Map(),
  room: null,
  compared: [],
  unreadable: new Set(),
});
export const cloneBlobDisk = (disk: BlobDisk): BlobDisk => ({
  parts: new Map(disk.parts),
  files: new Map(disk.files),
  room: disk.room,
  compared: [],
  unreadable: new Set(),
});

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
};

/** `BlobFilesPort` in memory. Every write passes the gate, as `blob`. */
export function createMemoryBlobs(disk: BlobDisk, gate: WriteGate, now: () => number = () => 0): BlobFilesPort {
  const stamps = new WeakMap<HeldFile, number>();
  let stamped = 0;
  const held = (sha256: string): Result<Uint8Array, BlobFailure> => {
    const file = disk.files.get(sha256);
    return file === undefined ? err({ code: 'gone' }) : ok(file.bytes);
  };
  const spend = (bytes: number) => {
    if (disk.room !== null) disk.room -= bytes;
  };
  return {
    room: () => disk.room,
    received: (key) => disk.parts.get(key)?.bytes.length ?? 0,
    async append(key, offset, piece) {
      const before = disk.parts.get(key)?.bytes ?? new Uint8Array();
      if (offset !== before.length) return ok({ received: before.length });
      const bytes = piece instanceof Uint8Array ? piece : new Uint8Array(Buffer.from(piece.base64, 'base64'));
      const failure = gate('blob') ?? (disk.room !== null && disk.room < bytes.length ? { code: 'diskFull' } : null);
      if (failure !== null) return err(failure);
      spend(bytes.length);
      disk.parts.set(key, { bytes: joined(before, bytes), changedAt: now() });
      return ok({ received: before.length + bytes.length });
    },
    async digest(key) {
      const part = disk.parts.get(key);
      return part === undefined ? err({ code: 'gone' }) : ok(sha256Of(part.bytes));
    },
    async place(key, sha256) {
      const part = disk.parts.get(key);
      const here = held(sha256);
      const whole = here.ok && sha256Of(here.value) === sha256;
      if (part === undefined && !whole) return err({ code: here.ok ? 'damaged' : 'gone' });
      const failure = gate('blob');
      if (failure !== null) return err(failure);
      if (part !== undefined && !whole) disk.files.set(sha256, part);
      disk.parts.delete(key);
      return ok(null);
    },
    async dropPart(key) {
      const failure = gate('blob');
      if (failure !== null) return err(failure);
      spend(-(disk.parts.get(key)?.bytes.length ?? 0));
      disk.parts.delete(key);
      return ok(null);
    },
    sizeOf: (sha256) => disk.files.get(sha256)?.bytes.length ?? null,
    stampOf(sha256) {
      const file = disk.files.get(sha256);
      if (file === undefined) return null;
      const stamp = stamps.get(file) ?? stamped++;
      stamps.set(file, stamp);
      return String(stamp);
    },
    async verify(sha256) {
      disk.compared.push(sha256);
      if (disk.unreadable.has(sha256)) return err({ code: 'ioError' });
      const bytes = held(sha256);
      if (!bytes.ok) return bytes;
      return sha256Of(bytes.value) === sha256 ? ok(null) : err({ code: 'damaged' });
    },
    async read(sha256, offset, length) {
      const bytes = held(sha256);
      return bytes.ok ? ok(bytes.value.slice(offset, offset + length)) : bytes;
    },
    async readPiece(sha256, offset, length) {
      const bytes = held(sha256);
      if (!bytes.ok) return bytes;
      if (offset + length >= bytes.value.length && sha256Of(bytes.value) !== sha256) return err({ code: 'damaged' });
      return ok(Buffer.from(bytes.value.slice(offset, offset + length)).toString('base64'));
    },
    async drop(sha256) {
      const failure = gate('blob');
      if (failure !== null) return err(failure);
      spend(-(disk.files.get(sha256)?.bytes.length ?? 0));
      disk.files.delete(sha256);
      return ok(null);
    },
    async list() {
      const parts = [...disk.parts].map(([key, { bytes, changedAt }]) => ({ key, bytes: bytes.length, changedAt }));
      const files = [...disk.files].map(([sha256, file]) => ({
        sha256,
        bytes: file.bytes.length,
        changedAt: file.changedAt,
      }));
      return ok({ parts, files });
    },
  };
}
