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
import { createScope } from '../sync/signal.ts';
import { downloadKey, type FileShelf } from './shelf.ts';
import type { Transfers } from './transfers.ts';

/** Written at a time: what comes in small pieces is gathered first. */
const WRITE_BYTES = 1_000_000;
/** Attempts in a row that brought nothing, before the person has to ask again. */
const TRIES = 6;

export type Download = { readonly state: 'waiting' | 'fetching' | 'failed'; readonly received: number };

/** Files from the store, on demand: each goes on by itself where the link cut it, until it is here or does not get on any more. */
export interface Downloads {
  /** Answers once the store has said that there is something to fetch. */
  fetch(ticketId: string, file: Attachment): Promise<Result<null, ConsoleError>>;
  of(sha256: string): Download | null;
  /** Whoever waits between two attempts goes on. */
  retryNow(): void;
  stop(): void;
}

interface Running {
  readonly ticketIds: Set<string>;
  state: Download['state'];
  received: number;
}

export interface DownloadParts {
  readonly deps: Pick<CoreDeps, 'store' | 'timers' | 'random' | 'log'>;
  readonly blobs: BlobFilesPort;
  readonly keeper: SessionKeeper;
  readonly shelf: FileShelf;
  readonly transfers: Transfers;
}

export function createDownloads({ deps, blobs, keeper, shelf, transfers }: DownloadParts): Downloads {
  const life = createScope();
  let waiting = createScope();
  const bySha = new Map<string, Running>();

  const open = (ticketId: string, { attachmentId }: Attachment) =>
    authorized(keeper, (token) => deps.store.blobs.open(token, { ticketId, attachmentId }), life);
  function told(running: Running, change: Partial<Pick<Running, 'state' | 'received'>>): void {
    Object.assign(running, change);
    for (const ticketId of running.ticketIds) transfers.changed(ticketId);
  }

  /** One answer of the store, as far as it goes. A failure of the disk is given back. */
  async function receive(url: string, { sha256, size }: Attachment, running: Running): Promise<ConsoleError | null> {
    const key = downloadKey(sha256);
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
    for await (const part of untilClosed(life, deps.store.blobs.download(url, blobs.received(key)))) {
      if (part.kind !== 'bytes') break;
      gathered.push(part.bytes);
      bytes += part.bytes.length;
      // More than was announced: whatever answers there, it is not this file.
      if (blobs.received(key) + bytes > size) return null;
      if (bytes < WRITE_BYTES) continue;
      const failure = await keep();
      if (failure !== null) return failure;
    }
    return bytes > 0 && !life.closed ? keep() : null;
  }

  /** The whole part under its name, if it is that file. */
  async function finish(ticketId: string, { sha256, size }: Attachment): Promise<boolean> {
    const key = downloadKey(sha256);
    const digest = await blobs.digest(key);
    if (life.closed) return false;
    if (!digest.ok || digest.value !== sha256) {
      deps.log.write('warn', 'downloadDamaged', {});
      await blobs.dropPart(key);
      return false;
    }
    // Order: the note, then the name: what nobody names is collected.
    shelf.noteRead({ sha256, ticketId, size });
    return (await blobs.place(key, sha256)).ok;
  }

  async function run(ticketId: string, file: Attachment, first: string, running: Running): Promise<boolean> {
    const key = downloadKey(file.sha256);
    let url: string | null = first;
    for (let idle = 0; idle < TRIES && !life.closed; ) {
      const before = blobs.received(key);
      if (url !== null && before < file.size) {
        told(running, { state: 'fetching', received: before });
        const failure = await receive(url, file, running);
        if (failure !== null) return false;
      }
      if (blobs.received(key) === file.size) {
        if (await finish(ticketId, file)) return true;
        idle += 1;
      } else if (blobs.received(key) > before) idle = 0;
      else idle += 1;
      if (life.closed) return false;
      told(running, { state: 'waiting', received: blobs.received(key) });
      await pause(deps, either(), backoffMs(idle, deps.random.fraction(), null));
      // Addresses are good for minutes only.
      const opened = await open(ticketId, file);
      url = opened.ok ? opened.value.url : null;
      if (!opened.ok && (opened.error.kind === 'notFound' || opened.error.kind === 'deviceRevoked')) return false;
    }
    return false;
  }
  /** Closes with the life of the profile, or when somebody asks to go on now. */
  function either() {
    if (waiting.closed && !life.closed) waiting = createScope();
    return waiting;
  }

  /** Whether that file is under way already, for this ticket too from now on. */
  function joined(sha256: string, ticketId: string): boolean {
    const under = bySha.get(sha256);
    if (under === undefined || under.state === 'failed') return false;
    under.ticketIds.add(ticketId);
    return true;
  }

  return {
    async fetch(ticketId, file) {
      const { sha256, size } = file;
      if (blobs.sizeOf(sha256) === size) {
        shelf.noteRead({ sha256, ticketId, size });
        transfers.changed(ticketId);
        return ok(null);
      }
      if (joined(sha256, ticketId)) {
        waiting.close();
        return ok(null);
      }
      const opened = await open(ticketId, file);
      if (!opened.ok) return openError(opened.error);
      if (opened.value.sha256 !== sha256 || opened.value.size !== size) {
        deps.log.write('error', 'otherFileAtStore', { first: [file.attachmentId] });
        return failed('notFound');
      }
      if (!(await shelf.makeRoom(size - blobs.received(downloadKey(sha256))))) return failed('diskFull');
      // Asked for twice at once: two that wrote one part would damage it.
      if (joined(sha256, ticketId)) return ok(null);
      const running: Running = { ticketIds: new Set([ticketId]), state: 'fetching', received: 0 };
      bySha.set(sha256, running);
      run(ticketId, file, opened.value.url, running)
        .catch((error: unknown) => {
          deps.log.write('error', 'downloadThrew', { error: faultOf(error) });
          return false;
        })
        .then(async (here) => {
          if (here) bySha.delete(sha256);
          told(running, { state: here ? 'fetching' : 'failed' });
          if (here) await shelf.trim();
        });
      return ok(null);
    },
    of(sha256) {
      const running = bySha.get(sha256);
      return running === undefined ? null : { state: running.state, received: running.received };
    },
    retryNow: () => waiting.close(),
    stop() {
      life.close();
      waiting.close();
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
