import { createContext, useContext } from 'react';
import type { ConsoleErrorCode } from '../../../protocol/console/client.ts';
import { assert } from '../../../shared/assert.ts';
import type { TicketFile } from './ticket-files.ts';

/** The files of the open ticket, and what can be done with one. */
export interface TicketFiles {
  readonly files: readonly TicketFile[];
  readonly fileById: ReadonlyMap<string, TicketFile>;
  /** Why the last attempt to bring a file failed; gone with the next. */
  readonly failures: ReadonlyMap<string, ConsoleErrorCode>;
  readonly open: (attachmentId: string) => void;
  /** Brings it first where it is not here. */
  readonly save: (attachmentId: string) => void;
  readonly fetch: (attachmentId: string) => void;
}

export const TicketFilesContext = createContext<TicketFiles | null>(null);

export function useTicketFiles(): TicketFiles {
  const value = useContext(TicketFilesContext);
  assert(value !== null, 'files of a ticket stand outside its pane');
  return value;
}
