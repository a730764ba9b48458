import { useRef } from 'react';
import { type CommandPayloads, type CommandType, commandSchemas } from '../../../domain/commands.ts';
import { useTicketUi } from '../../state/ticket-ui.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';

/** What an act of this type held that the desk did not apply, when this dialog was opened to edit it; else null. */
export function useEditedPayload<T extends CommandType>(type: T): CommandPayloads[T] | null {
  const { id } = useTicketWords().view.ticket;
  const first = useRef(useTicketUi.getState().edited);
  const edited = first.current;
  if (edited === null || edited.ticketId !== id || edited.type !== type) return null;
  const parsed = commandSchemas[type].safeParse(edited.payload);
  // The schema under the type's name gives that type's payload.
  return parsed.success ? (parsed.data as CommandPayloads[T]) : null;
}
