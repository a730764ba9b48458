import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { storageError } from '../../failures.ts';
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
    'drafts.save'({ key, ticketId, content }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const savedAt = world.deps.clock.now();
      const saved = desk.value.runtime.files.outbox.saveDraft({ key, ticketId, content, updatedAt: savedAt });
      return saved.ok ? ok({ savedAt }) : storageError(saved.error);
    },
    'drafts.discard'({ key }) {
      const desk = requireDesk(world);
      if (!desk.ok) return desk;
      const gone = desk.value.runtime.files.outbox.discardDraft(key);
      return gone.ok ? ok({}) : storageError(gone.error);
    },
  };
}
