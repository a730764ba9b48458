import { useCallback, useEffect, useRef, useState } from 'react';
import { isRefusalCode, type RefusalCode } from '../../../domain/refusals.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import type { StagedFiles } from '../attachments/index.ts';
import type { Draft } from '../drafts/index.ts';
import { type EntryForm, type EntryProblems, entryInput, fieldOf } from './entry-form.ts';

export type RegisterWay = 'register' | 'claim' | 'resolve';

/** What the store said no to, and where it belongs on the form; `field` null: to the whole. */
interface Refused {
  readonly field: keyof EntryProblems | null;
  readonly code: RefusalCode | null;
  readonly message: string;
}

/**
 * Registers the call: alone, taken, or taken and resolved (R15), always as one act. The same content asked twice has the
 * same request id, so an impatient second click registers nothing.
 */
export function useRegister(draft: Draft<EntryForm>, files: StagedFiles) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const running = useRef(false);
  // A form that is left is no longer the edit of what was not applied.
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
      ticketUi.closeDialog();
    };
  }, []);

  const register = useCallback(
    async (form: EntryForm, way: RegisterWay): Promise<boolean> => {
      const input = entryInput(form);
      if (input === null || running.current) return false;
      running.current = true;
      setBusy(true);
      setRefused(null);
      const attachments = await files.collect('internal');
      // Closed while it waited for a file to be read: that was a no.
      if (!open.current) return false;
      const held = await draft.hold([input, way, way === 'resolve' ? form.solution : null, attachments]);
      const answer = await client.call('acts.register', {
        ...held,
        input,
        claim: way !== 'register',
        resolveWith: way === 'resolve' ? form.solution : null,
        attachments: [...attachments],
      });
      running.current = false;
      setBusy(false);
      if (answer.ok && answer.value.ok) {
        const { ticketId, provisionalCode } = answer.value;
        draft.forget();
        files.used(attachments);
        const { edited } = useTicketUi.getState();
        if (edited?.type === 'register') {
          ticketUi.closeDialog();
          await client.call('outbox.dismiss', { commandId: edited.commandId });
        }
        viewActs.closeOverlay();
        viewActs.openTicket(ticketId);
        const done = {
          register: 'entry.registered',
          claim: 'entry.registeredClaimed',
          resolve: 'entry.registeredResolved',
        } as const;
        toast('good', t(done[way], { code: provisionalCode }));
        return true;
      }
      draft.release();
      if (!answer.ok) setRefused({ field: null, code: null, message: words.error(answer.error) });
      else if (!answer.value.ok) {
        const { code, params } = answer.value.refusal;
        setRefused({
          field: fieldOf(code, params),
          code: isRefusalCode(code) ? code : null,
          message: words.refusal({ code, params }),
        });
      }
      return false;
    },
    [client, draft, files, t, words],
  );
  return { register, busy, refused, clearRefused: useCallback(() => setRefused(null), []) };
}
