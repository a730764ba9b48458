import type { ConsoleParams, ConsoleResult } from '../../../src/protocol/console/methods.ts';

type Draft = NonNullable<ConsoleResult<'drafts.get'>['draft']>;
type Listed = ConsoleResult<'drafts.list'>['drafts'][number];
type Files = Listed['files'];

/** What lies beside drafts: its key, and what of it goes when it is discarded. */
export interface DraftFiles {
  byKey(): ReadonlyMap<string, { readonly ticketId: string | null; readonly addedAt: number; readonly files: Files }>;
  drop(key: string, attachmentIds: readonly string[]): void;
}

/** Drafts with their versions, as the engine keeps them. */
export function createDraftBox(beside: DraftFiles) {
  const drafts = new Map<string, Draft>();
  const sent = new Set<string>();
  let version = 0;
  return {
    list(): Listed[] {
      const staged = beside.byKey();
      const alone = { content: null, version: 0, requestId: null };
      return [...new Set([...drafts.keys(), ...staged.keys()])].map((key) => {
        const files = staged.get(key);
        const { ticketId = null, addedAt = 0 } = files ?? {};
        const text = drafts.get(key) ?? { key, ticketId, updatedAt: addedAt, ...alone };
        return { ...text, files: files?.files ?? [] };
      });
    },
    get: (key: string) => drafts.get(key) ?? null,
    sentUnder: (requestId: string) => sent.add(requestId),
    clear(used: ConsoleParams<'acts.submit'>['clearDraft']) {
      if (used !== null && (drafts.get(used.key)?.version ?? 0) <= used.seenVersion) drafts.delete(used.key);
    },
    save(params: ConsoleParams<'drafts.save'>): ConsoleResult<'drafts.save'> {
      const { key, ticketId, content, seenVersion, requestId = null } = params;
      const before = drafts.get(key) ?? null;
      if (requestId !== null && sent.has(requestId)) return { saved: false, reason: 'sent', draft: before };
      if (seenVersion !== undefined && seenVersion !== (before?.version ?? 0))
        return { saved: false, reason: 'conflict', draft: before };
      version += 1;
      const savedAt = Date.now();
      drafts.set(key, { key, ticketId, content, updatedAt: savedAt, version, requestId });
      return { saved: true, savedAt, version };
    },
    discard({
      key,
      seenVersion,
      attachmentIds = [],
    }: ConsoleParams<'drafts.discard'>): ConsoleResult<'drafts.discard'> {
      const before = drafts.get(key) ?? null;
      if (seenVersion !== undefined && before !== null && before.version !== seenVersion) return { kept: before };
      drafts.delete(key);
      beside.drop(key, attachmentIds);
      return { kept: null };
    },
  };
}
