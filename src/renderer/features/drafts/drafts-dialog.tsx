import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketUi, useTicketUi } from '../../state/ticket-ui.ts';
import { DraftList } from './draft-list.tsx';

/** Every half-written text in one place: the way back to one whose ticket is no longer in any list. */
export function DraftsDialog() {
  const { t } = useTranslation();
  const open = useTicketUi((state) => state.draftsOpen);
  if (!open) return null;
  return (
    <Dialog
      open
      onClose={() => ticketUi.showDrafts(false)}
      title={t('ticket.drafts.title')}
      description={t('ticket.drafts.subtitle')}
    >
      <DraftList onLeave={() => ticketUi.showDrafts(false)} />
    </Dialog>
  );
}
