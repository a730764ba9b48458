import type { ParseKeys } from 'i18next';
import type { LucideIcon } from 'lucide-react';
import type { ConsoleClient } from '../../protocol/console/client.ts';
import type { Connection, TicketView } from '../../protocol/console/rows.ts';
import type { SessionInfo } from '../../protocol/sync/auth.ts';
import type { ViewState } from '../state/view-store.ts';

/** What an action may look at when it says whether it applies and when it runs. */
export interface ActionContext {
  readonly client: ConsoleClient;
  readonly session: SessionInfo;
  readonly connection: Pick<Connection, 'state'> | null;
  readonly view: ViewState;
  /** The open ticket, once loaded. */
  readonly ticket: TicketView | null;
}

export const actionGroups = ['ticket', 'create', 'go', 'list', 'app'] as const;
export type ActionGroup = (typeof actionGroups)[number];

/** One act of the console, for its button, menu entry, key and palette line alike: they cannot drift apart. */
export interface Action {
  /** Stable name: `ticket.claim`, `go.mine`. */
  readonly name: string;
  readonly group: ActionGroup;
  readonly label: ParseKeys;
  readonly icon?: LucideIcon;
  /** `e`, `mod+k`, `g m` (one after the other). The first is the one shown. */
  readonly keys?: readonly string[];
  /** Also while a text is being written. */
  readonly whileTyping?: boolean;
  /** False: neither key, button nor palette offers it now. */
  enabled(context: ActionContext): boolean;
  perform(context: ActionContext): void | Promise<void>;
}
