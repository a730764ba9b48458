import { useView } from '../../state/view-store.ts';
import { QuickEntry } from '../quick-entry/index.ts';
import { TicketPane } from '../ticket/index.ts';

export function Shell() {
  const ticketId = useView((state) => state.selectedTicketId);
  return (
    <div>
      {ticketId !== null && <TicketPane ticketId={ticketId} />}
      <QuickEntry />
    </div>
  );
}
