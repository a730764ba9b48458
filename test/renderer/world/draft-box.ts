import type { ConsoleParams, ConsoleResult } from '../../../src/protocol/console/methods.ts';

type Draft = ConsoleResult<'drafts.list'>['drafts'][number];

/** Drafts with their versions, as the engine keeps them. */
export function createDraftBox() {
  const drafts = new Map<string, Draft>();
  const sent = new Set<string>();
  let version = 0;
  return {
    list: () => [...drafts.values()],
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
    discard({ key, seenVersion }: ConsoleParams<'drafts.discard'>): ConsoleResult<'drafts.discard'> {
      const before = drafts.get(key) ?? null;
      if (seenVersion !== undefined && before !== null && before.version !== seenVersion) return { kept: before };
      drafts.delete(key);
      return { kept: null };
    },
  };
}
