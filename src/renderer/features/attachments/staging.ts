import { attachmentBounds, safeFileName, type Thumbnail } from '../../../domain/attachments.ts';
import { PIECE_BYTES, type StagedFile } from '../../../protocol/console/attachment-methods.ts';
import type { ConsoleClient, ConsoleErrorCode } from '../../../protocol/console/client.ts';
import { bytesToBase64 } from './base64.ts';

/** Why a file was not taken, or not whole. */
export type StagedProblem =
  | {
      readonly kind: 'refusal';
      readonly code: string;
      readonly params: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'error'; readonly code: ConsoleErrorCode }
  | { readonly kind: 'unreadable' | 'folder' | 'tooMany' };

/**
 * A file beside a text that is being written. `halfway`: an earlier window was reading it and is gone; only the person can give it
 * again. `failed` can be read again, `refused` cannot.
 */
export interface StagedItem {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly received: number;
  readonly state: 'waiting' | 'reading' | 'ready' | 'halfway' | 'refused' | 'failed';
  readonly problem: StagedProblem | null;
  readonly thumbnail: Thumbnail | null;
  /** As the core has it: whole once `state` is `ready`. */
  readonly file: StagedFile | null;
}

interface StagingDeps {
  readonly client: ConsoleClient;
  readonly thumbnailOf: (file: Blob) => Promise<Thumbnail | null>;
  readonly wait: (ms: number) => Promise<void>;
  readonly newKey: () => string;
}

export interface Staging {
  /** The same list until something in it changes. */
  items(draftKey: string): readonly StagedItem[];
  /** Looks for what the core holds when first listened to, and again at its news. */
  listen(draftKey: string, listener: () => void): () => void;
  add(draftKey: string, ticketId: string | null, files: readonly File[], folders?: readonly string[]): void;
  /** Takes a file out, whatever its state: it is read no further and kept nowhere. */
  remove(draftKey: string, key: string): void;
  retry(draftKey: string, key: string): void;
  /** Settles once nothing of this draft is being read. */
  whenRead(draftKey: string): Promise<void>;
  /** An act went out with these: they are the ticket's now. What was said of refused ones goes too. */
  used(draftKey: string, attachmentIds: readonly string[]): void;
  close(): void;
}

interface Job {
  readonly draftKey: string;
  readonly ticketId: string | null;
  readonly file: File;
}

interface Shelf {
  items: readonly StagedItem[];
  readonly listeners: Set<() => void>;
  loads: number;
}

const RETRIES = 40;
const RETRY_MS = 500;
/** News of every piece must not have every screen ask anew. */
const NEWS_PAUSE_MS = 300;
const nothing: readonly StagedItem[] = [];
const isBusy = ({ state }: StagedItem): boolean => state === 'waiting' || state === 'reading';

/**
 * Reads files into the core, one after the other and piece by piece, for as long as the person's session lasts: a screen that goes
 * away stops nothing. A line that breaks is waited for, and the reading goes on where the core says it stands.
 */
export function createStaging({ client, thumbnailOf, wait, newKey }: StagingDeps): Staging {
  const shelves = new Map<string, Shelf>();
  const jobs = new Map<string, Job>();
  let line: Promise<void> = Promise.resolve();
  let closed = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const shelfOf = (draftKey: string): Shelf => {
    const shelf = shelves.get(draftKey) ?? { items: nothing, listeners: new Set(), loads: 0 };
    shelves.set(draftKey, shelf);
    return shelf;
  };
  const put = (draftKey: string, items: readonly StagedItem[]) => {
    const shelf = shelfOf(draftKey);
    shelf.items = items;
    for (const listener of [...shelf.listeners]) listener();
  };
  const find = (draftKey: string, key: string) => shelfOf(draftKey).items.find((item) => item.key === key);
  const change = (draftKey: string, key: string, part: Partial<StagedItem>) =>
    put(
      draftKey,
      shelfOf(draftKey).items.map((item) => (item.key === key ? { ...item, ...part } : item)),
    );

  async function load(draftKey: string): Promise<void> {
    const shelf = shelfOf(draftKey);
    shelf.loads += 1;
    const mine = shelf.loads;
    const answer = await client.call('attachments.staged', { draftKey });
    if (!answer.ok || mine !== shelf.loads) return;
    const held = new Map(answer.value.files.map((file) => [file.attachmentId, file]));
    const stays = ({ file, ...item }: StagedItem) => file === null || jobs.has(item.key) || held.has(file.attachmentId);
    const items = shelf.items.filter(stays);
    const known = new Set(items.map(({ file }) => file?.attachmentId));
    const found = [...held.values()].filter(({ attachmentId }) => !known.has(attachmentId)).map(itemOf);
    const renewed = items.map((item) => {
      const now = item.file === null || jobs.has(item.key) ? undefined : held.get(item.file.attachmentId);
      return now === undefined || item.state === 'ready' || item.problem !== null ? item : itemOf(now);
    });
    if (found.length > 0 || renewed.length !== shelf.items.length || renewed.some((item, n) => item !== shelf.items[n]))
      put(draftKey, [...renewed, ...found]);
  }
  const unsubscribe = client.subscribe(({ view }) => {
    if (view !== 'attachments' && view !== 'session') return;
    pause ??= setTimeout(() => {
      pause = undefined;
      for (const [draftKey, { listeners }] of shelves) if (listeners.size > 0) void load(draftKey);
    }, NEWS_PAUSE_MS);
  });

  /** The core's answer to one piece: how much it has now, or why there is no more to say. Waits for a line that broke. */
  async function append(attachmentId: string, offset: number, base64: string): Promise<number | ConsoleErrorCode> {
    for (let tries = 0; ; tries += 1) {
      const answer = await client.call('attachments.append', { attachmentId, offset, base64 });
      if (answer.ok) return answer.value.received;
      if (answer.error.code !== 'hostGone' || tries === RETRIES || closed) return answer.error.code;
      await wait(RETRY_MS);
    }
  }

  async function read(key: string, { draftKey, ticketId, file }: Job): Promise<void> {
    const gone = () => closed || find(draftKey, key) === undefined;
    const fail = (problem: StagedProblem) =>
      change(draftKey, key, { problem, state: problem.kind === 'refusal' ? 'refused' : 'failed' });
    if (gone()) return;
    change(draftKey, key, { state: 'reading' });
    const { name, type: mediaType, size } = file;
    const begun = await client.call('attachments.begin', { draftKey, ticketId, name, mediaType, size });
    if (!begun.ok) return fail({ kind: 'error', code: begun.error.code });
    if (!begun.value.ok) return fail({ kind: 'refusal', ...begun.value.refusal });
    const { attachmentId } = begun.value.file;
    const giveBack = () => client.call('attachments.discard', { attachmentId });
    if (gone()) return void (await giveBack());
    change(draftKey, key, { file: begun.value.file, name: begun.value.file.name });

    const thumbnail = thumbnailOf(file).catch(() => null);
    void thumbnail.then((made) => !gone() && change(draftKey, key, { thumbnail: made }));
    const pieceAt = async (at: number) =>
      bytesToBase64(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer()));
    try {
      let next = pieceAt(0);
      let disagreed = 0;
      for (let at = 0; at < size; ) {
        const piece = await next;
        // The next piece is read while the core writes this one.
        const ahead = Math.min(at + PIECE_BYTES, size);
        const following = pieceAt(ahead);
        // Told where it is awaited; until then a file that vanished is nobody's unhandled error.
        following.catch(() => {});
        const received = await append(attachmentId, at, piece);
        if (gone()) return void (await giveBack());
        if (typeof received === 'string') return fail({ kind: 'error', code: received });
        if (received !== ahead) disagreed += 1;
        if (disagreed > RETRIES) return fail({ kind: 'error', code: 'internal' });
        change(draftKey, key, { received });
        next = received === ahead ? following : pieceAt(received);
        at = received;
      }
    } catch {
      await giveBack();
      return gone() ? undefined : fail({ kind: 'unreadable' });
    }
    const finished = await client.call('attachments.finish', { attachmentId, thumbnail: await thumbnail });
    if (gone()) return void (await giveBack());
    if (!finished.ok) return fail({ kind: 'error', code: finished.error.code });
    if (!finished.value.ok) return fail({ kind: 'refusal', ...finished.value.refusal });
    const whole = finished.value.file;
    change(draftKey, key, { ...itemOf(whole), key });
  }

  function start(key: string, job: Job): void {
    jobs.set(key, job);
    line = line
      .then(() => read(key, job))
      .finally(() => {
        // Kept for another try only while the file is on the screen as failed.
        if (find(job.draftKey, key)?.state !== 'failed') jobs.delete(key);
      });
  }

  function remove(draftKey: string, key: string): void {
    const item = find(draftKey, key);
    if (item === undefined) return;
    put(
      draftKey,
      shelfOf(draftKey).items.filter((each) => each.key !== key),
    );
    jobs.delete(key);
    // One that is being read is given back by its reader, which is in the middle of a piece.
    if (item.file !== null && !isBusy(item))
      void client.call('attachments.discard', { attachmentId: item.file.attachmentId });
  }

  const blank = (name: string, size: number): StagedItem => ({
    ...{ key: newKey(), name: safeFileName(name) || name, size, received: 0, state: 'waiting' },
    ...{ problem: null, thumbnail: null, file: null },
  });

  return {
    items: (draftKey) => shelves.get(draftKey)?.items ?? nothing,
    listen(draftKey, listener) {
      const shelf = shelfOf(draftKey);
      shelf.listeners.add(listener);
      if (shelf.listeners.size === 1) void load(draftKey);
      return () => shelf.listeners.delete(listener);
    },
    add(draftKey, ticketId, files, folders = []) {
      const refused = folders.map((name) => ({
        ...blank(name, 0),
        ...{ state: 'refused' as const, problem: { kind: 'folder' as const } },
      }));
      put(draftKey, [...shelfOf(draftKey).items, ...refused]);
      for (const file of files) {
        const before = shelfOf(draftKey).items;
        const halfway = before.find(
          (item) => item.state === 'halfway' && item.size === file.size && item.name === safeFileName(file.name),
        );
        if (halfway !== undefined) remove(draftKey, halfway.key);
        const item = blank(file.name, file.size);
        const counted = shelfOf(draftKey).items.filter(({ state }) => state !== 'refused').length;
        if (counted >= attachmentBounds.perAct) {
          put(draftKey, [...shelfOf(draftKey).items, { ...item, state: 'refused', problem: { kind: 'tooMany' } }]);
          continue;
        }
        put(draftKey, [...shelfOf(draftKey).items, item]);
        start(item.key, { draftKey, ticketId, file });
      }
    },
    remove,
    retry(draftKey, key) {
      const job = jobs.get(key);
      const item = find(draftKey, key);
      if (job === undefined || item?.state !== 'failed') return;
      if (item.file !== null) void client.call('attachments.discard', { attachmentId: item.file.attachmentId });
      change(draftKey, key, { state: 'waiting', problem: null, received: 0, file: null });
      start(key, job);
    },
    whenRead(draftKey) {
      return new Promise((resolve) => {
        const shelf = shelfOf(draftKey);
        const look = () => {
          if (shelf.items.some(isBusy)) return;
          shelf.listeners.delete(look);
          resolve();
        };
        shelf.listeners.add(look);
        look();
      });
    },
    used(draftKey, attachmentIds) {
      const stays = ({ state, file }: StagedItem) =>
        state !== 'refused' && (file === null || !attachmentIds.includes(file.attachmentId));
      put(draftKey, shelfOf(draftKey).items.filter(stays));
    },
    close() {
      closed = true;
      clearTimeout(pause);
      unsubscribe();
    },
  };
}

const itemOf = (file: StagedFile): StagedItem => ({
  ...{ key: file.attachmentId, name: file.name, size: file.size, received: file.received },
  ...{ state: file.sha256 === null ? 'halfway' : 'ready', problem: null, thumbnail: file.thumbnail, file },
});
