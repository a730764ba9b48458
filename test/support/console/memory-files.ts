import type { OutboxCommand } from '../../../src/core/ports/outbox.ts';
import type { FetchedRow, NewUpload, OutboxFiles, StagedRow, UploadRow } from '../../../src/core/ports/outbox-files.ts';
import type { StorageFailure } from '../../../src/core/ports/storage-failure.ts';
import { ok, type Result } from '../../../src/shared/result.ts';

/** What the outbox file keeps of attachments. Rows are never changed in place. */
export interface FilesDisk {
  staged: Map<string, StagedRow>;
  uploads: Map<string, UploadRow>;
  fetched: Map<string, FetchedRow>;
}
export const emptyFilesDisk = (): FilesDisk => ({ staged: new Map(), uploads: new Map(), fetched: new Map() });
export const cloneFilesDisk = (disk: FilesDisk): FilesDisk => ({
  staged: new Map(disk.staged),
  uploads: new Map(disk.uploads),
  fetched: new Map(disk.fetched),
});

type Write = (what: string, work: () => void) => Result<null, StorageFailure>;

export function createMemoryFiles(
  disk: FilesDisk,
  write: Write,
  command: (id: string) => OutboxCommand | null,
): OutboxFiles & { adopt(uploads: readonly NewUpload[]): void } {
  const change = (id: string, with_: Partial<UploadRow>) => {
    const row = disk.uploads.get(id);
    if (row !== undefined) disk.uploads.set(id, { ...row, ...with_ });
  };
  const isAnswered = (id: string): boolean => {
    const of = command(id);
    if (of === null) return true;
    return (of.state === 'applied' || of.state === 'merged' || of.state === 'parked') && of.replayFor === null;
  };
  const isRefused = (id: string): boolean => {
    const of = command(id);
    return of?.state === 'refused' && of.replayFor === null;
  };
  const waiting = () => [...disk.uploads.values()].filter(({ state }) => state === 'waiting');
  const byAge = <T extends { addedAt: number; attachmentId: string }>(a: T, b: T) =>
    a.addedAt - b.addedAt || (a.attachmentId < b.attachmentId ? -1 : 1);
  const heldOf = (sha256: string) =>
    [...disk.uploads.values()].filter((row) => row.sha256 === sha256 && row.state === 'held').sort(byAge);
  const named = (uploads: readonly UploadRow[]): ReadonlySet<string> =>
    new Set([
      ...[...disk.staged.values()].flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])),
      ...uploads.map(({ sha256 }) => sha256),
    ]);
  return {
    adopt(uploads) {
      for (const upload of uploads) {
        const before = disk.uploads.get(upload.attachmentId);
        const fresh = { state: 'waiting', uploadUrl: null, epoch: null, settledAt: null } as const;
        disk.uploads.set(upload.attachmentId, { ...upload, ...before, ...fresh, commandId: upload.commandId });
        disk.staged.delete(upload.attachmentId);
      }
    },
    staged: (key) => [...disk.staged.values()].filter(({ draftKey }) => key === null || draftKey === key).sort(byAge),
    stagedFile: (id) => disk.staged.get(id) ?? null,
    stage: (row) => write('stage', () => void disk.staged.set(row.attachmentId, row)),
    stagedWhole: (id, sha256, thumbnail) =>
      write('stage', () => {
        const row = disk.staged.get(id);
        if (row !== undefined) disk.staged.set(id, { ...row, sha256, thumbnail });
      }),
    unstage: (id) => write('stage', () => void disk.staged.delete(id)),
    upload: (id) => disk.uploads.get(id) ?? null,
    uploadsOf: (ticketId) => [...disk.uploads.values()].filter((row) => row.ticketId === ticketId).sort(byAge),
    uploadsDue: (limit) =>
      waiting()
        .filter(({ commandId }) => isAnswered(commandId))
        .sort((a, b) => a.size - b.size || byAge(a, b))
        .slice(0, limit),
    uploadCounts: () => {
      const refused = waiting().filter(({ commandId }) => isRefused(commandId));
      const going = waiting().filter(({ commandId }) => !isRefused(commandId));
      return {
        waiting: going.length,
        bytes: going.reduce((sum, { size }) => sum + size, 0),
        held: [...disk.uploads.values()].filter(({ state }) => state === 'held').length,
        refused: refused.filter(({ commandId }) => command(commandId)?.dismissedAt === null).length,
      };
    },
    setUploadUrl: (id, uploadUrl) => write('upload', () => change(id, { uploadUrl })),
    settleUpload: (id, { state, epoch, at }) =>
      write('upload', () => change(id, { state, epoch, settledAt: at, uploadUrl: null })),
    heldUploads: heldOf,
    resumeUploads(sha256) {
      const rows = heldOf(sha256);
      if (rows.length === 0) return ok(null);
      return write('upload', () => {
        for (const { attachmentId } of rows)
          change(attachmentId, { state: 'waiting', uploadUrl: null, epoch: null, settledAt: null });
      });
    },
    reofferUploads(epoch) {
      const others = [...disk.uploads.values()].filter(
        (row) => row.state !== 'waiting' && row.epoch !== null && row.epoch !== epoch,
      );
      if (others.length === 0) return ok(null);
      return write('upload', () => {
        for (const { attachmentId } of others)
          change(attachmentId, { state: 'waiting', uploadUrl: null, settledAt: null });
      });
    },
    namedFiles: () => named([...disk.uploads.values()]),
    unconfirmedFiles: () => named([...disk.uploads.values()].filter(({ state }) => state !== 'done')),
    pruneUploads: (before) =>
      write('upload', () => {
        for (const { attachmentId, state, settledAt } of [...disk.uploads.values()])
          if (state === 'done' && settledAt !== null && settledAt < before) disk.uploads.delete(attachmentId);
      }),
    fetched: () => [...disk.fetched.values()].sort((a, b) => a.readAt - b.readAt || (a.sha256 < b.sha256 ? -1 : 1)),
    putFetched: (row) =>
      write('fetched', () => {
        const readAt = Math.max(row.readAt, disk.fetched.get(row.sha256)?.readAt ?? 0);
        disk.fetched.set(row.sha256, { ...row, readAt });
      }),
    dropFetched: (sha256) => write('fetched', () => void disk.fetched.delete(sha256)),
  };
}
