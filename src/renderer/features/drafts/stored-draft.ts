import type { z } from 'zod';
import type { ConsoleClient } from '../../../protocol/console/client.ts';
import type { ConsoleParams, ConsoleResult } from '../../../protocol/console/methods.ts';
import type { SaveAnswer } from './draft-saver.ts';

type Held = NonNullable<ConsoleResult<'drafts.get'>['draft']>;
export type UsedDraft = NonNullable<ConsoleParams<'acts.submit'>['clearDraft']>;

interface StoredDraftDeps<T> {
  readonly client: Pick<ConsoleClient, 'call'>;
  readonly key: string;
  readonly ticketId: string | null;
  readonly schema: z.ZodType<T>;
  readonly isEmpty: (content: T) => boolean;
  readonly newId: () => string;
}

/** One draft of the engine as one window sees it. */
export interface StoredDraft<T> {
  /** What is kept, null: nothing that this version can read. `adopt` says whether the screen shows it, and so writes over it. */
  load(adopt: () => boolean): Promise<T | null>;
  save(content: T, requestId: string | null): Promise<SaveAnswer>;
  discard(): Promise<SaveAnswer>;
  /** What another window wrote, after a `conflict` and until one of the two texts is chosen or kept. */
  other(): T | null;
  /** The person has seen the other text and chosen: the next save goes over it. */
  choose(): void;
  /** Keeps a text that lost its screen before anybody chose beside the other one, where the list of drafts shows it. */
  aside(content: T): Promise<void>;
  /** What an act written now uses up: this window's text and no other. Only while no save is under way. */
  used(): Promise<UsedDraft>;
  /** The act was written. */
  forget(): void;
}

/** Nothing is written over, discarded or used up but the version that this window saw: 0 until it saw one. */
export function createStoredDraft<T>(deps: StoredDraftDeps<T>): StoredDraft<T> {
  const { client, key, ticketId, schema, isEmpty } = deps;
  const asideKey = `${key}:${deps.newId()}`;
  let seen = 0;
  let other: { readonly content: T; readonly version: number } | null = null;
  /** Sent to be saved, and the answer was lost: if the engine has it, it is this window's own. */
  let unanswered: string | null = null;

  const textOf = (content: unknown): string => {
    const read = schema.safeParse(content);
    return JSON.stringify(read.success ? read.data : content);
  };
  /** True: somebody else's words, to be chosen from. Else they may be written over. */
  function conflicts(held: Held | null, mine: string | null): boolean {
    const read = held === null ? null : schema.safeParse(held.content);
    if (held === null || read === null || !read.success || isEmpty(read.data)) return false;
    const theirs = textOf(held.content);
    if (theirs === mine || theirs === unanswered) return false;
    other = { content: read.data, version: held.version };
    return true;
  }
  const settled = (version: number) => {
    seen = version;
    other = null;
    unanswered = null;
  };

  async function save(content: T, requestId: string | null): Promise<SaveAnswer> {
    const plain = JSON.parse(JSON.stringify(content));
    const answer = await client.call('drafts.save', { key, ticketId, content: plain, seenVersion: seen, requestId });
    if (!answer.ok) {
      unanswered = textOf(content);
      return 'failed';
    }
    const told = answer.value;
    if (told.saved) {
      settled(told.version);
      return 'saved';
    }
    if (told.reason === 'sent') {
      settled(0);
      return 'sent';
    }
    if (conflicts(told.draft, textOf(content))) return 'conflict';
    // Sent or discarded elsewhere, or the same words: what is on the screen stays.
    seen = told.draft?.version ?? 0;
    return save(content, requestId);
  }

  async function discard(): Promise<SaveAnswer> {
    const answer = await client.call('drafts.discard', { key, seenVersion: seen });
    if (!answer.ok) return 'failed';
    const { kept } = answer.value;
    if (kept !== null && conflicts(kept, null)) return 'conflict';
    if (kept !== null && schema.safeParse(kept.content).success) {
      seen = kept.version;
      return discard();
    }
    // One that this version cannot read is left alone.
    settled(0);
    return 'saved';
  }

  return {
    async load(adopt) {
      const answer = await client.call('drafts.get', { key });
      const held = answer.ok ? answer.value.draft : null;
      const read = held === null ? null : schema.safeParse(held.content);
      if (held === null || read === null || !read.success || !adopt()) return null;
      seen = held.version;
      return read.data;
    },
    save,
    discard,
    other: () => other?.content ?? null,
    choose() {
      if (other !== null) settled(other.version);
    },
    async aside(content) {
      if (isEmpty(content)) return;
      await client.call('drafts.save', { key: asideKey, ticketId, content: JSON.parse(JSON.stringify(content)) });
    },
    async used() {
      const answer = unanswered === null ? null : await client.call('drafts.get', { key });
      const held = answer?.ok ? answer.value.draft : null;
      if (held !== null && textOf(held.content) === unanswered) settled(held.version);
      return { key, seenVersion: seen };
    },
    forget: () => settled(0),
  };
}
