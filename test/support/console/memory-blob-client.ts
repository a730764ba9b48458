import type { BlobAnswer, BlobClientPort, UploadStep } from '../../../src/core/ports/blob-client.ts';
import type { StoreFailure } from '../../../src/core/ports/store-client.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import { sha256Of } from './memory-blobs.ts';

interface Upload {
  readonly sha256: string;
  readonly size: number;
  bytes: Uint8Array;
}
/** Files at the store: whole and verified ones by SHA-256, and uploads by address. */
export interface BlobShelf {
  readonly stored: Map<string, Uint8Array>;
  readonly uploads: Map<string, Upload>;
  /** Addresses given so far: none is given twice, whoever asks. */
  made: number;
  /** Attachments that arrived, in their order. */
  readonly arrived: string[];
  /** Every call, by name. */
  readonly calls: string[];
  /** The store itself will not have these attachments. */
  readonly refused: Set<string>;
  /** What it answers to whoever begins an upload of one of these, as long as it stands here. */
  readonly answers: Map<string, BlobAnswer>;
  /** Contents that never arrive as they were sent. */
  readonly spoiled: Set<string>;
  /** Address of each attachment that may be opened. */
  readonly open: Map<string, { readonly sha256: string; readonly size: number }>;
}
export const emptyBlobShelf = (): BlobShelf => ({
  stored: new Map(),
  uploads: new Map(),
  made: 0,
  arrived: [],
  calls: [],
  refused: new Set(),
  answers: new Map(),
  spoiled: new Set(),
  open: new Map(),
});

/** How the link treats files. */
export interface BlobLink {
  /** Bytes of a piece that come through before the link is cut; null: all. One entry a piece, then all. */
  readonly cuts: (number | null)[];
  /** What comes through is not what was sent: pieces to come. */
  spoil: number;
  /** Bytes of a download before it is cut, one entry a request. */
  readonly downloadCuts: number[];
  /** Called when a piece has come through. */
  onPiece: (() => void) | null;
}
export const createBlobLink = (): BlobLink => ({ cuts: [], spoil: 0, downloadCuts: [], onPiece: null });

export function createMemoryBlobClient(
  shelf: BlobShelf,
  link: BlobLink,
  obstacle: (call: 'offer' | 'upload' | 'open', token: string | null) => StoreFailure | null,
): BlobClientPort {
  const failing = (call: 'offer' | 'upload' | 'open', token: string | null, name: string): BlobAnswer | null => {
    shelf.calls.push(name);
    return obstacle(call, token);
  };
  /** One with all its bytes is finished before anything is said of it. */
  function standing(url: string, { bytes, size, sha256 }: Upload): Result<UploadStep, BlobAnswer> {
    if (bytes.length < size) return ok({ offset: bytes.length });
    shelf.uploads.delete(url);
    if (sha256Of(bytes) !== sha256 || shelf.spoiled.has(sha256)) return err({ kind: 'mismatch' });
    shelf.stored.set(sha256, bytes);
    return ok({ offset: size });
  }
  return {
    async offer(token, files) {
      const failure = failing('offer', token, `offer ${files.length}`);
      if (failure !== null) return err(failure);
      for (const { attachmentId, sha256 } of files) if (shelf.stored.has(sha256)) shelf.arrived.push(attachmentId);
      return ok(files.map(({ sha256 }) => (shelf.stored.has(sha256) ? 'stored' : 'wanted')));
    },
    async create(token, { attachmentId, sha256, size }) {
      const failure = failing('upload', token, 'create');
      if (failure !== null) return err(failure);
      if (shelf.refused.has(attachmentId)) return err({ kind: 'refused', code: 'forbidden' });
      const answer = shelf.answers.get(attachmentId);
      if (answer !== undefined) return err(answer);
      shelf.made += 1;
      shelf.uploads.set(`/blobs/v1/uploads/${shelf.made}`, { sha256, size, bytes: new Uint8Array() });
      return ok({ uploadUrl: `/blobs/v1/uploads/${shelf.made}`, offset: 0 });
    },
    async progress(token, url) {
      const failure = failing('upload', token, 'progress');
      if (failure !== null) return err(failure);
      const upload = shelf.uploads.get(url);
      return upload === undefined ? err({ kind: 'uploadGone' }) : standing(url, upload);
    },
    async send(token, url, offset, bytes) {
      const failure = failing('upload', token, `send ${offset}`);
      if (failure !== null) return err(failure);
      const upload = shelf.uploads.get(url);
      if (upload === undefined) return err({ kind: 'uploadGone' });
      if (offset !== upload.bytes.length)
        return err({ kind: 'retryAfter', ms: null, attempts: false, why: 'uploadBusy' });
      const cut = link.cuts.shift() ?? null;
      const came = cut === null ? bytes : bytes.slice(0, cut);
      const whole = new Uint8Array(offset + came.length);
      whole.set(upload.bytes);
      whole.set(came, offset);
      if (link.spoil > 0 && came.length > 0) {
        link.spoil -= 1;
        whole[offset] = (whole[offset] ?? 0) ^ 1;
      }
      upload.bytes = whole;
      link.onPiece?.();
      if (cut !== null) return err({ kind: 'offline' });
      return standing(url, upload);
    },
    async open(token, { attachmentId }) {
      const failure = failing('open', token, 'open');
      if (failure !== null) return err(failure);
      const known = shelf.open.get(attachmentId);
      if (known === undefined) return err({ kind: 'notFound' });
      if (!shelf.stored.has(known.sha256)) return err({ kind: 'notArrived' });
      return ok({ url: `http://files/${known.sha256}`, expiresAt: 0, ...known });
    },
    async *download(url, from) {
      const failure = failing('open', null, `download ${from}`);
      if (failure !== null) return yield { kind: 'failed', failure };
      const bytes = shelf.stored.get(url.slice(-64));
      if (bytes === undefined) return yield { kind: 'failed', failure: { kind: 'notFound' } };
      const cut = link.downloadCuts.shift();
      const end = cut === undefined ? bytes.length : Math.min(bytes.length, from + cut);
      if (end > from) yield { kind: 'bytes', bytes: bytes.slice(from, end) };
      yield cut === undefined ? { kind: 'end' } : { kind: 'failed', failure: { kind: 'offline' } };
    },
  };
}
