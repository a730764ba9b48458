import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { storageError } from '../../failures.ts';
import { dropUnstaged } from '../../files/drop-unstaged.ts';
import type { Draft, OutboxPort } from '../../ports/outbox.ts';
import type { StagedRow } from '../../ports/outbox-files.ts';
import { requireDesk, type World } from '../../world.ts';

type Methods = 'drafts.list' | 'drafts.get' | 'drafts.save' | 'drafts.discard';

/** Texts that are being written, and the files beside them. They live in the outbox file, so they survive what the outbox survives. */
export function draftsFeature(world: World): Handlers<Methods> {
  return {
    'drafts.list'() {
      const desk = requireDesk(world);
      return desk.ok ? ok({ drafts: listed(desk.value.runtime.files.outbox) }) : desk;
    },
    'drafts.get'({ key }) {
      const desk = requireDesk(world);
      return desk.ok ? ok({ draft: desk.value.runtime.files.outbox.draft(key) }) : desk;
    },
    'drafts.save'({ personId, key, ticketId, content, seenVersion, requestId = null }) {
      const desk = requireDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox } = desk.value.runtime.files;
      const held = outbox.draft(key);
      // It went out under this id, and the answer was lost on its way to the screen: kept again, it would be sent twice.
      if (requestId !== null && outbox.answerTo(requestId) !== null)
        return ok({ saved: false, reason: 'sent', draft: held });
      if (isOther(held, seenVersion)) return ok({ saved: false, reason: 'conflict', draft: held });
      const savedAt = world.deps.clock.now();
      const version = versionAfter(outbox, held);
      const saved = outbox.saveDraft({ key, ticketId, content, updatedAt: savedAt, version, requestId });
      return saved.ok ? ok({ saved: true, savedAt, version }) : storageError(saved.error);
    },
    async 'drafts.discard'({ personId, key, seenVersion, attachmentIds = [] }) {
      const desk = requireDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox } = desk.value.runtime.files;
      const held = outbox.draft(key);
      if (held !== null && isOther(held, seenVersion)) return ok({ kept: held });
      // Only those that the person was shown: one that was added since, or that an act has used, stays.
      const files = outbox.staged(key).filter(({ attachmentId }) => attachmentIds.includes(attachmentId));
      const gone = outbox.discardDraft(
        key,
        files.map(({ attachmentId }) => attachmentId),
      );
      if (!gone.ok) return storageError(gone.error);
      await dropUnstaged(desk.value.runtime, files);
      return ok({ kept: null });
    },
  };
}

/** Newest first, by the text or by its last file. */
function listed(outbox: OutboxPort) {
  const texts = new Map(outbox.drafts().map((draft) => [draft.key, draft]));
  const staged = Map.groupBy(outbox.staged(null), ({ draftKey }) => draftKey);
  return [...new Set([...texts.keys(), ...staged.keys()])]
    .map((key) => listedDraft(key, texts.get(key) ?? null, staged.get(key) ?? []))
    .sort((a, b) => b.updatedAt - a.updatedAt || (a.key < b.key ? -1 : 1));
}

function listedDraft(key: string, text: Draft | null, files: readonly StagedRow[]) {
  const ticketId = text?.ticketId ?? files[0]?.ticketId ?? null;
  const filesAlone = { key, ticketId, content: null, updatedAt: 0, version: 0, requestId: null };
  return {
    ...(text ?? filesAlone),
    updatedAt: Math.max(text?.updatedAt ?? 0, ...files.map(({ addedAt }) => addedAt)),
    files: files.map(({ attachmentId, name, size }) => ({ attachmentId, name, size })),
  };
}

/** Another window wrote it, sent it or threw it away since. */
const isOther = (held: Draft | null, seenVersion: number | undefined): boolean =>
  seenVersion !== undefined && seenVersion !== (held?.version ?? 0);

/** The file's revision grows with every write, so no version of a draft that is gone comes back for another text. */
const versionAfter = (outbox: OutboxPort, held: Draft | null): number =>
  Math.max(outbox.revision(), held?.version ?? 0) + 1;
