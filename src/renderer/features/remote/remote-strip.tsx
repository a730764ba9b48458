import { MonitorUp } from 'lucide-react';
import type { Ticket } from '../../../domain/ticket.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useNow } from '../../lib/use-format.ts';
import { ticketUi } from '../../state/ticket-ui.ts';
import { useTicketWords } from '../ticket/ticket-context.tsx';
import { startOfSession } from '../ticket/timeline/items.ts';

/** A session that nobody ended yet stays in sight, with its clock: the outcome must not be forgotten. */
export function RemoteStrip() {
  const { view } = useTicketWords();
  return view.ticket.remoteSessions.map((session) => <Running key={session.id} session={session} />);
}

function Running({ session }: { readonly session: Ticket['remoteSessions'][number] }) {
  const { t } = useTranslation();
  const { view, me, name } = useTicketWords();
  const now = useNow(1_000);
  const seconds = Math.max(0, Math.floor((now - session.startedAt) / 1000));
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .filter((part, index) => index > 0 || part > 0)
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const tool = t(`tool.${session.tool}`);
  const target = startOfSession(view.entries, session.id)?.event.target;
  return (
    <div
      data-remote-running={session.id}
      className="flex items-center gap-2.5 border-line border-b bg-green-wash px-5 py-2 text-sm"
    >
      <MonitorUp aria-hidden="true" className="size-4 shrink-0 text-green" />
      <span className="min-w-0 flex-1 truncate">
        <b className="font-semibold">
          {session.by === me
            ? t('remote.running', { tool })
            : t('remote.runningBy', { tool, person: name(session.by) })}
        </b>
        {target !== undefined && <span className="font-mono text-text-2 text-xs"> · {target}</span>}
      </span>
      <span className="font-mono text-green tabular-nums">{clock}</span>
      {view.allowed.includes('endRemoteSession') && (
        <Button size="sm" onClick={() => ticketUi.openDialog('endRemote', view.ticket.id)}>
          {t('remote.end')}
        </Button>
      )}
    </div>
  );
}
