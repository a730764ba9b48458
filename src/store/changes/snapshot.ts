import {
  type SnapshotEndLine,
  type SnapshotEntity,
  type SnapshotPinLine,
  type SnapshotRequest,
  snapshotEntities,
} from '../../protocol/sync/messages.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Principal } from '../auth/principal.ts';
import type { DeskStore } from '../commands/desk-port.ts';
import { ticketScopeOf } from '../scope/ticket-scope.ts';
import type { ChangeDeps } from './change-deps.ts';
import type { ReadAhead } from './read-ahead.ts';
import { checkAsker, type ReadFailure } from './standing.ts';

/** Rows of one read: about 1 MB, passed on as they come. */
const CHUNK = 1_500;
/** A page that took longer (ms) to leave is followed by none that was read ahead. */
const FAST_MS = 2_000;
const entryKeySchema = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\d{9}$/;
const idKeySchema = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** False for a key that this store never gave. */
const isSnapshotKey = (entity: SnapshotEntity, key: string): boolean =>
  (entity === 'entry' ? entryKeySchema : idKeySchema).test(key);

export interface SnapshotDeps extends ChangeDeps {
  readonly desks: Pick<DeskStore, 'mark'>;
  readonly ahead: ReadAhead;
}

/** Lines of a page; `rows` is many `up` lines as one text, with no line break at its end. */
export type SnapshotPiece = SnapshotPinLine | { readonly t: 'rows'; readonly text: string } | SnapshotEndLine;

export const pieceToText = (piece: SnapshotPiece): string =>
  piece.t === 'rows' ? `${piece.text}\n` : `${JSON.stringify(piece)}\n`;

/**
 * One snapshot page, in pieces, each read while the one before leaves, and the first of the page after it while the console writes this
 * one. The first page of an entity opens with a pin, read before any row: a pull from there brings whatever changes between the
 * pages, so pages need no common transaction. Each ends with the mark of the head, read after its rows: they may be from beyond the
 * pin, and a log that is put back to the pin has to be told from the one that they are of (SY14).
 */
export async function readSnapshot(
  deps: SnapshotDeps,
  principal: Principal,
  request: SnapshotRequest,
): Promise<Result<AsyncGenerator<SnapshotPiece>, ReadFailure>> {
  const asker = checkAsker(deps, principal, request);
  if (!asker.ok) return asker;
  if (request.after !== null && !isSnapshotKey(request.entity, request.after)) return err({ code: 'badRequest' });
  return ok(pieces(deps, principal, request));
}

async function* pieces(
  deps: SnapshotDeps,
  principal: Principal,
  { entity, after: first, limit }: SnapshotRequest,
): AsyncGenerator<SnapshotPiece> {
  const { deskId, sessionId, scopeVersion } = principal;
  const began = deps.now();
  const reads = deps.changes.live(deskId);
  const mark = () => deps.desks.mark(deskId);
  // The pin goes first: what commits after it comes again with the pull from there.
  const pin = first === null ? await mark() : null;
  const { settings } = await reads.desk();
  const scope = ticketScopeOf(principal, settings, deps.now());
  const { closedWindowDays } = scope;
  if (pin !== null) {
    const { epoch, seq, hash, seal } = pin;
    // Counting reads every ticket of the desk, and a fill needs it once: with what it asks for first.
    const total = entity === snapshotEntities[0] ? await reads.countAll(scope) : null;
    yield { t: 'pin', epoch, seq, logHash: hash, seal, total };
  }
  const sizeAt = (sent: number) => Math.min(CHUNK, limit - sent);
  const question = (after: string) => ({ entity, after, rows: sizeAt(0), scopeVersion, closedWindowDays });
  const read = (after: string | null, sent: number) => reads.page(entity, after, sizeAt(sent), scope);
  const ahead = first === null ? null : await deps.ahead.take(sessionId, question(first), mark);
  let coming = ahead === null ? read(first, 0) : Promise.resolve(ahead);
  let after = first;
  let sent = 0;
  let complete = false;
  while (sent < limit && !complete) {
    const page = await coming;
    complete = page.rows < sizeAt(sent);
    sent += page.rows;
    after = page.last ?? after;
    if (sent < limit && !complete) {
      // On its way while these leave; whoever awaits it hears of a failure, and nobody may.
      coming = read(after, sent);
      coming.catch(() => {});
    }
    for (const text of page.texts) yield { t: 'rows', text };
  }
  const next = complete ? null : after;
  const end = await mark();
  // Not for a console or a line that is slow: these rows would be dropped, and read twice.
  if (next !== null && deps.now() - began < FAST_MS)
    deps.ahead.keep(sessionId, question(next), end, () => read(next, 0));
  yield { t: 'end', after: next, rows: sent, mark: end };
}
