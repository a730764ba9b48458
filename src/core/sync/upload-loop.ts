import { troubleOf } from '../failures.ts';
import { addNotice, fileNoticeId } from '../notices.ts';
import type { BlobAnswer } from '../ports/blob-client.ts';
import type { BlobFailure } from '../ports/blob-files.ts';
import type { UploadRow } from '../ports/outbox-files.ts';
import type { TokenFailure } from '../session-keeper.ts';
import { HAND_IN_EPOCH } from './chain.ts';
import { authorized, type Link, unlessClosed } from './link.ts';
import { createLoopBackoff, pause } from './pause.ts';
import { firstPieceSize, sendFile } from './send-file.ts';
import { STORAGE_PAUSE_MS, type SyncContext } from './sync-context.ts';

const OFFER_MAX = 100;
/** A store that knows nothing of files, or a link that changes them: asked again after this, or at the next contact. */
const LONG_RETRY_MS = 300_000;
/** What the store got was another file so often running: it would go on so. */
const MISMATCHES = 3;

/**
 * Sends files for the length of one contact, once their texts are through: what is written goes first, however much of a file is still
 * to go. One file at a time, the smallest first. One that fails by itself is put off alone, and the others go on; trouble of the link or of the
 * whole store holds them all. `claimed`: the epoch of the hello, null where none was answered. Knows nothing of the pull.
 */
export async function runUploads(link: Link, context: SyncContext, claimed: string | null): Promise<void> {
  const { outbox, deps, keeper, putOff, verified } = context;
  const backoff = createLoopBackoff(deps);
  const piece = firstPieceSize();
  /** Of this contact: what the store wants, and how often each file failed. */
  const wanted = new Set<string>();
  const strikes = new Map<string, number>();

  while (!link.closed) {
    // As many more as are put off: these hide nobody.
    const all = outbox.toSend(1).length > 0 ? [] : outbox.uploadsDue(OFFER_MAX + putOff.count());
    const due = all.filter(({ attachmentId }) => putOff.leftMs(attachmentId) === 0).slice(0, OFFER_MAX);
    if (due.length === 0) {
      const soonest = Math.min(...all.map(({ attachmentId }) => putOff.leftMs(attachmentId)));
      await context.fileWork.wait(link, Number.isFinite(soonest) ? soonest : undefined);
      continue;
    }
    const unknown = due.filter(({ attachmentId }) => !wanted.has(attachmentId));
    if (unknown.length > 0) {
      if (!(await offer(unknown))) continue;
      backoff.reset();
    }
    const next = due
      .filter(({ attachmentId }) => wanted.has(attachmentId) && outbox.upload(attachmentId)?.state === 'waiting')
      .sort((a, b) => struck(a) - struck(b))[0];
    if (next === undefined) continue;
    await attempt(next);
  }

  function struck({ attachmentId }: UploadRow): number {
    return strikes.get(attachmentId) ?? 0;
  }

  /** Null where the store was not reached or nothing could be noted: whoever asked waited meanwhile. */
  async function offer(rows: readonly UploadRow[]): Promise<boolean> {
    const files = rows.map(({ ticketId, attachmentId, sha256, size }) => ({ ticketId, attachmentId, sha256, size }));
    const answer = await authorized(keeper, (token) => deps.store.blobs.offer(token, files), link);
    if (!answer.ok) {
      // It will not have the question: each file is asked for alone, by its own upload.
      if (answer.error.kind === 'refused') for (const { attachmentId } of rows) wanted.add(attachmentId);
      else await meet(answer.error);
      return false;
    }
    for (const [index, row] of rows.entries()) {
      if (answer.value[index] === 'stored') {
        if (!(await settle(row, 'done'))) return false;
      } else wanted.add(row.attachmentId);
    }
    context.sound();
    return true;
  }

  async function attempt(row: UploadRow): Promise<void> {
    const { attachmentId, sha256 } = row;
    // Not waited for beyond the contact: what it finds is there for the next one.
    const sound = await unlessClosed(link, verified.check(sha256));
    if (link.closed) return;
    if (!sound.ok) return 'code' in sound.error ? localTrouble(row, sound.error) : undefined;
    const sent = await sendFile(link, context, outbox.upload(attachmentId) ?? row, {
      piece,
      progressed: backoff.reset,
    });
    // Its files may be closed by now: nothing is written after the contact.
    if (link.closed) return;
    switch (sent.kind) {
      case 'done':
        wanted.delete(attachmentId);
        backoff.reset();
        await settle(row, 'done');
        return;
      case 'text':
      case 'ended':
        return;
      case 'unwritten':
        return pause(deps, link, STORAGE_PAUSE_MS);
      case 'local':
        return localTrouble(row, sent.failure);
      case 'failed':
        return failed(row, sent.failure);
    }
  }

  async function failed(row: UploadRow, failure: TokenFailure | BlobAnswer): Promise<void> {
    const { attachmentId } = row;
    strikes.set(attachmentId, struck(row) + 1);
    context.transfers.failed(row, failure.kind === 'retryAfter' && failure.why === 'deskFull' ? 'deskFull' : undefined);
    if (failure.kind === 'refused') return hold(row, failure.code);
    if (failure.kind === 'mismatch' || failure.kind === 'uploadGone') {
      if (!outbox.setUploadUrl(attachmentId, null).ok) return pause(deps, link, STORAGE_PAUSE_MS);
    }
    if (failure.kind === 'mismatch') {
      // Either the link or this disk: the file is read again before it is sent again.
      verified.doubt(row.sha256);
      deps.log.write('warn', 'uploadMismatch', { first: [attachmentId] });
    }
    if (!isOwn(failure)) return meet(failure);
    const leisurely = failure.kind === 'mismatch' && (putOff.failures(attachmentId) + 1) % MISMATCHES === 0;
    const asked = failure.kind === 'retryAfter' ? failure.ms : null;
    putOff.failed(attachmentId, leisurely ? LONG_RETRY_MS : asked);
  }

  async function localTrouble(row: UploadRow, { code }: BlobFailure): Promise<void> {
    if (code === 'gone' || code === 'damaged') return hold(row, code);
    context.trouble(troubleOf({ code }));
    // A place of the disk that cannot be read: other files lie elsewhere.
    putOff.failed(row.attachmentId, STORAGE_PAUSE_MS);
  }

  /** It stays here, and its person is told once. */
  async function hold(row: UploadRow, code: string): Promise<void> {
    deps.log.write('error', 'uploadHeld', { code, first: [row.attachmentId] });
    const told = addNotice(context, {
      id: fileNoticeId(row.attachmentId),
      kind: code === 'gone' || code === 'damaged' ? 'attachmentDamaged' : 'attachmentHeld',
      params: { name: row.name, ticketId: row.ticketId, code },
    });
    if (!told.ok) return pause(deps, link, STORAGE_PAUSE_MS);
    wanted.delete(row.attachmentId);
    await settle(row, 'held');
  }

  async function settle(row: UploadRow, state: 'done' | 'held'): Promise<boolean> {
    const { attachmentId, ticketId, sha256, size } = row;
    const at = context.time.storeNow();
    // From when its row is forgotten it is a file like any other that the store has.
    if (state === 'done') context.shelf.noteRead({ sha256, ticketId, size });
    const kept = outbox.settleUpload(attachmentId, { state, epoch: claimed ?? HAND_IN_EPOCH, at });
    if (!kept.ok) {
      context.trouble(troubleOf(kept.error));
      await pause(deps, link, STORAGE_PAUSE_MS);
      return false;
    }
    putOff.forget(attachmentId);
    context.transfers.settled(row);
    context.hub.emit('connection');
    // Whoever waits until nothing is left looks again.
    context.sound();
    return true;
  }

  /** What ends the contact for a text ends it for a file; all else waits here, and the texts go on. */
  async function meet(failure: TokenFailure | BlobAnswer): Promise<void> {
    switch (failure.kind) {
      case 'noSession':
      case 'sessionRevoked':
      case 'deviceRevoked':
      case 'certificateUntrusted':
      case 'proxyAuthRequired':
        return link.fail(failure);
      case 'storeTooOld':
      case 'consoleTooOld':
        return context.fileWork.wait(link, LONG_RETRY_MS);
      case 'offline':
        if (!context.pulls()) return link.fail(failure);
        context.storeNews.raise();
        return putOff.resting(link, (rest) => backoff.wait(rest, failure));
      case 'retryAfter':
        return putOff.resting(link, (rest) => backoff.wait(rest, failure));
      default:
        deps.log.write('warn', 'uploadDelayed', { kind: failure.kind });
        return putOff.resting(link, (rest) => backoff.wait(rest, null));
    }
  }
}

/** What it says concerns that one file: others need not meet it. */
function isOwn(failure: TokenFailure | BlobAnswer): boolean {
  if (failure.kind === 'retryAfter') return failure.why !== undefined;
  return failure.kind === 'mismatch' || failure.kind === 'uploadGone' || failure.kind === 'tooLarge';
}
