import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { storageError } from '../../failures.ts';
import type { Draft, OutboxPort } from '../../ports/outbox.ts';
import { requireDesk, type World } from '../../world.ts';

type Methods = 'drafts.list' | 'drafts.get' | 'drafts.save' | 'drafts.discard';

/** Texts that are being written. They live in the outbox file, so they survive what the outbox survives. */
export function draftsFeature(world: World): Handlers<Methods> {
  return {
    'drafts.list'() {
      const desk = requireDesk(world);
      return desk.ok ? ok({ drafts: [...desk.value.runtime.files.outbox.drafts()] }) : desk;
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
    'drafts.discard'({ personId, key, seenVersion }) {
      const desk = requireDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox } = desk.value.runtime.files;
      const held = outbox.draft(key);
      if (held !== null && isOther(held, seenVersion)) return ok({ kept: held });
      const gone = outbox.discardDraft(key);
      return gone.ok ? ok({ kept: null }) : storageError(gone.error);
    },
  };
}

/** Another window wrote it, sent it or threw it away since. */
const isOther = (held: Draft | null, seenVersion: number | undefined): boolean =>
  seenVersion !== undefined && seenVersion !== (held?.version ?? 0);

/** The file's revision grows with every write, so no version of a draft that is gone comes back for another text. */
const versionAfter = (outbox: OutboxPort, held: Draft | null): number =>
  Math.max(outbox.revision(), held?.version ?? 0) + 1;
