import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { TicketView } from '../../../protocol/console/rows.ts';
import { assert } from '../../../shared/assert.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { useSession } from '../../client/use-session.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { type Format, useFormat } from '../../lib/use-format.ts';
import { type Days, useDays } from './use-days.ts';

export interface TicketWords {
  readonly view: TicketView;
  readonly me: string;
  readonly format: Format;
  readonly days: Days;
  /** Name of a person, team, site, unit or service; words, never an id, where nobody can name it. */
  readonly name: (id: string) => string;
  readonly requesterName: string;
  /** Official number, or the provisional code until it comes. */
  readonly code: string;
}

const Context = createContext<TicketWords | null>(null);

export function TicketWordsProvider({ view, children }: { readonly view: TicketView; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const { nameOf } = useDirectory();
  const format = useFormat();
  const days = useDays();
  const value = useMemo<TicketWords>(() => {
    const { requester, number, provisionalCode } = view.ticket;
    const name = (id: string) =>
      view.names[id] ??
      nameOf(id) ??
      (id === session.personId ? session.personName : t('ticket.timeline.unknownPerson'));
    return {
      view,
      me: session.personId,
      format,
      days,
      name,
      requesterName:
        'personId' in requester ? (view.requester?.name ?? name(requester.personId)) : requester.unlisted.name,
      code: number ?? provisionalCode,
    };
  }, [view, session, format, days, nameOf, t]);
  return <Context value={value}>{children}</Context>;
}

export function useTicketWords(): TicketWords {
  const value = useContext(Context);
  assert(value !== null, 'a part of the ticket stands outside its pane');
  return value;
}
