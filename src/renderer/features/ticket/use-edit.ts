import { useCallback, useState } from 'react';
import type { CommandPayloads } from '../../../domain/commands.ts';
import { type Act, useAct } from '../../client/use-act.ts';
import { useTicketWords } from './ticket-context.tsx';

type FieldChanges = CommandPayloads['editFields']['changes'];

export interface Edit {
  readonly error: string | null;
  readonly save: (act: Act) => Promise<boolean>;
  /** One field of `editFields`, from what was on the screen to what was chosen. */
  readonly change: (changes: FieldChanges) => Promise<boolean>;
  readonly clear: () => void;
}

/** Editing in place: saved at once, or refused in words beside the field. */
export function useEdit(): Edit {
  const { view } = useTicketWords();
  const { act } = useAct();
  const [error, setError] = useState<string | null>(null);
  const ticketId = view.ticket.id;
  const save = useCallback(
    async (one: Act) => {
      const outcome = await act(one, { names: view.names });
      setError(outcome.ok ? null : outcome.message);
      return outcome.ok;
    },
    [act, view.names],
  );
  const change = useCallback(
    (changes: FieldChanges) => save({ ticketId, type: 'editFields', payload: { changes } }),
    [save, ticketId],
  );
  return { error, save, change, clear: useCallback(() => setError(null), []) };
}
