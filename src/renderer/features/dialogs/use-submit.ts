import { useCallback, useEffect, useRef, useState } from 'react';
import { createIntent } from '../../client/intent.ts';
import { type Act, newRequestId, useAct } from '../../client/use-act.ts';
import { toast } from '../../components/toast.tsx';
import { ticketUi } from '../../state/ticket-ui.ts';
import type { StagedFiles } from '../attachments/index.ts';
import type { DraftHold } from '../drafts/index.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';

export interface Submission {
  readonly busy: boolean;
  /** Why it was not saved, in words; the form stays as it is. */
  readonly error: string | null;
  readonly fail: (message: string | null) => void;
  /** Saves the act, with the files beside it, and closes the dialog with a word of what was done. False: refused. */
  readonly send: (act: Act, done: string, draft?: DraftHold, files?: StagedFiles) => Promise<boolean>;
}

/** One act of one dialog. The same intent has the same request id until it is saved: a double press writes once. */
export function useSubmit(): Submission {
  const { actAll } = useAct();
  const { view } = useTicketWords();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const intent = useRef(createIntent(newRequestId)).current;
  const running = useRef(false);
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  const send = useCallback(
    async (one: Act, done: string, draft?: DraftHold, files?: StagedFiles) => {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      const attached = files === undefined ? [] : await files.collect('internal');
      // Closed while it waited for a file to be read: that was a no.
      if (!open.current) return false;
      const { ticketId } = one;
      const added = attached.map((payload) => ({ ticketId, type: 'addAttachment' as const, payload }));
      // Before the ticket goes to another team: added by who still has it.
      const acts: Act[] = one.type === 'escalate' ? [...added, one] : [one, ...added];
      const held = draft === undefined ? { requestId: intent.idFor(JSON.stringify(acts)) } : await draft.hold(acts);
      const outcome = await actAll(acts, {
        names: view.names,
        ...held,
      });
      running.current = false;
      setBusy(false);
      if (outcome.ok) {
        intent.done();
        setError(null);
        // Before the form goes: what goes unsaved with it would be saved again.
        draft?.forget();
        files?.used(attached);
        ticketUi.closeDialog();
        toast('good', done);
        return true;
      }
      draft?.release();
      setError(outcome.message);
      return false;
    },
    [actAll, intent, view.names],
  );
  return { busy, error, fail: setError, send };
}
