import { useEffect } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { viewActs } from '../../state/view-store.ts';

/** The host asks to show a ticket: a link or a notification was followed. */
export function HostTicket() {
  const { client } = useConsole();
  useEffect(
    () =>
      client.subscribe((news) => {
        if (news.view === 'host' && news.ticketId !== null) viewActs.openTicket(news.ticketId);
      }),
    [client],
  );
  return null;
}
