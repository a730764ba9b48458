import type { Attachment } from '../../domain/attachments.ts';
import type { ConsoleError } from '../../protocol/console/client.ts';
import { faultOf } from '../../shared/fault.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { CoreDeps } from '../deps.ts';
import { failed, storageError, storeError } from '../failures.ts';
import type { BlobAnswer } from '../ports/blob-client.ts';
import type { BlobFilesPort } from '../ports/blob-files.ts';
import type { SessionKeeper, TokenFailure } from '../session-keeper.ts';
import { backoffMs } from '../sync/backoff.ts';
import { authorized, untilClosed } from '../sync/link.ts';
import { pause } from '../sync/pause.ts';
import { createScope, type OwnedScope } from '../sync/signal.ts';
import { downloadKey, type FetchClaim } from './fetched.ts';
import type { FileShelf } from './shelf.ts';
import type { Transfers } from './transfers.ts';

/** Written at a time: what comes in small pieces is gathered first. */
const WRITE_BYTES = 1_000_000;
/** Attempts in a row that brought nothing, before the person has to ask again. */
const TRIES = 6;

export type Download = { readonly state: 'waiting' | 'fetching' | 'failed'; readonly received: number };

/**
 * Files from the store, on demand: each goes on by itself where the link cut it, until it is here, does not get on any more, or the shelf closes its
 * claim: with the profile, and when the file may not be here any more.
 */
export interface Downloads {
  /** Answers once the store has said that there is something to fetch. */
  fetch(ticketId: string, file: Attachment): Promise<Result<null, ConsoleError>>;
  of(sha256: string): Download | null;
  /** Whoever waits between two attempts goes on. */
  retryNow(): void;
}

interface Running {
  readonly ticketIds: Set<string>;
  state: Download['state'];
  received: number;
  /** Its life: closes with the profile, and when the file may not be here any more. */
  readonly claim: FetchClaim;
  /** The wait between two attempts. */
  rest: OwnedScope;
}

export interface DownloadParts {
  readonly deps: Pick<CoreDeps, 'store' | 'timers' | 'random' | 'log'>;
  readonly blobs: BlobFilesPort;
  readonly keeper: SessionKeeper;
  readonly shelf: FileShelf;
  readonly transfers: Transfers;
}

export function createDownloads({ deps, blobs, keeper, shelf, transfers }: DownloadParts): Downloads {
  const bySha = new Map<string, Running>();

  const open = (ticketId: string, { attachmentId }: Attachment, claim: FetchClaim) =>
    authorized(keeper, (token) => deps.store.blobs.open(token, { ticketId, attachmentId }), claim);
  function told(running: Running, change: Partial<Pick<Running, 'state' | 'received'>>): void {
    Object.assign(running, change);
    for (const ticketId of running.ticketIds) transfers.changed(ticketId);
  }

  /** One answer of the store, as far as it goes. A failure of the disk is given back. */
  async function receive(url: string, { sha256, size }: Attachment, running: Running): Promise<ConsoleError | null> {
    const key = downloadKey(sha256);
    const { claim } = running;
    let gathered: Uint8Array[] = [];
    let bytes = 0;
    const keep = async () => {
      const whole = new Uint8Array(bytes);
      let at = 0;
      for (const piece of gathered) {
        whole.set(piece, at);
        at += piece.length;
      }
      gathered = [];
      bytes = 0;
      const kept = await blobs.append(key, blobs.received(key), whole);
      if (kept.ok) told(running, { received: kept.value.received });
      return kept.ok ? null : storageError(kept.error).error;
    };
    for await (const part of untilClosed(claim, deps.store.blobs.download(url, blobs.received(key)))) {
      if (part.kind !== 'bytes') break;
      gathered.push(part.bytes);
      bytes += part.bytes.length;
      // More than was announced: whatever answers there, it is not this file.
      if (blobs.received(key) + bytes > size) return null;
      if (bytes < WRITE_BYTES) continue;
      const failure = await keep();
      if (failure !== null) return failure;
    }
    return bytes > 0 && !claim.closed ? keep() : null;
  }

  /** The whole part under its name, if it is that file. */
  async function finish(ticketId: string, { sha256, size }: Attachment, claim: FetchClaim): Promise<boolean> {
    const key = downloadKey(sha256);
    const digest = await blobs.digest(key);
    if (claim.closed) return false;
    if (!digest.ok || digest.value !== sha256) {
      deps.log.write('warn', 'downloadDamaged', {});
      await blobs.dropPart(key);
      return false;
    }
    // Of now, whenever it was begun: the last to go.
    shelf.noteRead({ sha256, ticketId, size });
    return (await blobs.place(key, sha256)).ok;
  }

  async function run(ticketId: string, file: Attachment, first: string, running: Running): Promise<boolean> {
    const key = downloadKey(file.sha256);
    const { claim } = running;
    let url: string | null = first;
    for (let idle = 0; idle < TRIES && !claim.closed; ) {
      const before = blobs.received(key);
      if (url !== null && before < file.size) {
        told(running, { state: 'fetching', received: before });
        const failure = await receive(url, file, running);
        if (failure !== null) return false;
      }
      if (blobs.received(key) === file.size) {
        if (await finish(ticketId, file, claim)) return true;
        idle += 1;
      } else if (blobs.received(key) > before) idle = 0;
      else idle += 1;
      if (claim.closed) return false;
      told(running, { state: 'waiting', received: blobs.received(key) });
      await rest(running, backoffMs(idle, deps.random.fraction(), null));
      // Addresses are good for minutes only.
      const opened = await open(ticketId, file, claim);
      url = opened.ok ? opened.value.url : null;
      if (!opened.ok && (opened.error.kind === 'notFound' || opened.error.kind === 'deviceRevoked')) return false;
    }
    return false;
  }
  /** Ends with its claim too, and when somebody asks to go on now: also when that was just before. */
  async function rest(running: Running, ms: number): Promise<void> {
    const unhook = running.claim.onClose(running.rest.close);
    await pause(deps, running.rest, ms);
    unhook();
    running.rest = createScope();
  }

  /** The one under way that brings this file, for this ticket too from now on. */
  function joined(sha256: string, ticketId: string): Running | null {
    const under = bySha.get(sha256);
    if (under === undefined || under.state === 'failed' || under.claim.closed) return null;
    under.ticketIds.add(ticketId);
    return under;
  }

  /** Asks the store, makes room and begins. The claim is whoever's runs from then on; else it is over. */
  async function begin(ticketId: string, file: Attachment, claim: FetchClaim): Promise<Result<null, ConsoleError>> {
    const { sha256, size } = file;
    const opened = await open(ticketId, file, claim);
    if (!opened.ok) return openError(opened.error);
    if (opened.value.sha256 !== sha256 || opened.value.size !== size) {
      deps.log.write('error', 'otherFileAtStore', { first: [file.attachmentId] });
      return failed('notFound');
    }
    const begun = await claim.begin();
    if (!begun.ok) return storageError(begun.error);
    // Its ticket left, or the device was revoked, while this waited.
    if (claim.closed) return failed('notFound');
    // Asked for twice at once: two that wrote one part would damage it.
    if (joined(sha256, ticketId) !== null) return ok(null);
    const running: Running = {
      ...{ ticketIds: new Set([ticketId]), state: 'fetching', received: blobs.received(downloadKey(sha256)) },
      ...{ claim, rest: createScope() },
    };
    bySha.set(sha256, running);
    run(ticketId, file, opened.value.url, running)
      .catch((error: unknown) => {
        deps.log.write('error', 'downloadThrew', { error: faultOf(error) });
        return false;
      })
      .then(async (here) => {
        // One that was dropped has not failed: it can be asked for as if it had never been.
        if ((here || claim.closed) && bySha.get(sha256) === running) bySha.delete(sha256);
        told(running, { state: here ? 'fetching' : 'failed' });
        await claim.end();
      })
      .catch((error: unknown) => deps.log.write('error', 'downloadThrew', { error: faultOf(error) }));
    return ok(null);
  }

  return {
    async fetch(ticketId, file) {
      const { sha256, size } = file;
      if (blobs.sizeOf(sha256) === size) {
        shelf.noteRead({ sha256, ticketId, size });
        transfers.changed(ticketId);
        return ok(null);
      }
      const under = joined(sha256, ticketId);
      if (under !== null) {
        under.rest.close();
        return ok(null);
      }
      const claim = shelf.claim({ sha256, ticketId, size });
      const begun = await begin(ticketId, file, claim);
      if (bySha.get(sha256)?.claim !== claim) await claim.end();
      return begun;
    },
    of(sha256) {
      const running = bySha.get(sha256);
      return running === undefined ? null : { state: running.state, received: running.received };
    },
    retryNow() {
      for (const { rest } of bySha.values()) rest.close();
    },
  };
}

function openError(failure: TokenFailure | BlobAnswer) {
  switch (failure.kind) {
    case 'notFound':
    case 'notArrived':
      return failed('notFound', { reason: failure.kind });
    case 'noSession':
      return failed('sessionExpired');
    case 'mismatch':
    case 'refused':
    case 'uploadGone':
      return failed('notFound');
    default:
      return storeError(failure);
  }
}
