import { Split } from 'lucide-react';
import { useState } from 'react';
import { parkedFile } from '../../../../domain/attachments.ts';
import type { ParkedClaim } from '../../../../domain/ticket.ts';
import { type Act, useAct } from '../../../client/use-act.ts';
import { BothValues } from '../../../components/both-values.tsx';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../i18n/use-translation.tsx';
import { useNow } from '../../../lib/use-format.ts';
import { FileGrid, useTicketFiles } from '../../attachments/index.ts';
import { fieldInSentence, fieldValue } from '../field-words.ts';
import { useTicketWords } from '../ticket-context.tsx';
import { reapplyParked } from './reapply-parked.ts';

/** Two people changed the same field: both values with author and time, and nothing is overwritten until one of them is chosen. */
export function ParkedClaims() {
  const { view } = useTicketWords();
  return view.ticket.parked.map((claim) => <Parked key={claim.commandId} claim={claim} />);
}

function Parked({ claim }: { readonly claim: ParkedClaim }) {
  const { t } = useTranslation();
  const { view, name, format } = useTicketWords();
  const { actMany } = useAct();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ticketId = view.ticket.id;
  const proposed = reapplyParked(ticketId, claim);
  const { fileById } = useTicketFiles();
  const file = parkedFile(claim);
  const shownFile = file === null ? undefined : fileById.get(file.attachmentId);
  const settle: Act = { ticketId, type: 'settleParked', payload: { commandId: claim.commandId, note: '' } };
  const submit = async (acts: readonly Act[]) => {
    setBusy(true);
    const results = await actMany(acts, { atomic: true, names: view.names });
    setBusy(false);
    setError(typeof results === 'string' ? results : results.every((result) => result.ok) ? null : t('dialogs.failed'));
  };
  const value = (field: string, raw: unknown) => fieldValue(t, view, field, raw) ?? t('ticket.nothing');
  return (
    <section data-parked={claim.commandId} className="border-line border-b bg-amber-wash px-5 py-2.5 text-sm">
      <p className="flex items-center gap-2.5">
        <Split aria-hidden="true" className="size-4 shrink-0 text-amber" />
        <b className="font-semibold">{t(file === null ? 'ticket.parked.title' : 'ticket.parked.fileTitle')}</b>
      </p>
      {file !== null && (
        <div className="mt-1.5 ml-[26px]">
          <p className="text-text-2 text-xs">
            {t('ticket.parked.fileBy', { person: name(claim.by), when: format.moment(claim.at, now) })}
          </p>
          {shownFile !== undefined && view.allowed.includes('settleParked') && <FileGrid entries={[shownFile.entry]} />}
        </div>
      )}
      {file === null &&
        claim.conflicts.map((conflict) => (
          <div key={conflict.field} className="mt-1.5 ml-[26px]">
            <p className="text-text-2 text-xs">
              {t('ticket.parked.by', {
                person: name(claim.by),
                field: fieldInSentence(t, conflict.field),
                when: format.moment(claim.at, now),
              })}
            </p>
            <div className="mt-1">
              <BothValues
                stands={{
                  label: [
                    t('ticket.parked.theirs'),
                    conflict.theirsBy === null || conflict.theirsAt === null
                      ? null
                      : t('ticket.parked.theirsBy', {
                          person: name(conflict.theirsBy),
                          when: format.moment(conflict.theirsAt, now),
                        }),
                  ]
                    .filter((part) => part !== null)
                    .join(' · '),
                  value: value(conflict.field, conflict.theirs),
                }}
                meant={{
                  label: `${t('ticket.parked.mine')} · ${t('ticket.parked.theirsBy', { person: name(claim.by), when: format.moment(claim.at, now) })}`,
                  value: value(conflict.field, conflict.mine),
                }}
              />
            </div>
          </div>
        ))}
      {error !== null && (
        <p role="alert" className="mt-1.5 ml-[26px] text-red text-xs">
          {error}
        </p>
      )}
      {view.allowed.includes('settleParked') && (
        <div className="mt-2 ml-[26px] flex gap-1.5">
          {proposed !== null && (
            <Button size="sm" busy={busy} onClick={() => void submit([proposed, settle])}>
              {t('ticket.parked.apply')}
            </Button>
          )}
          <Button size="sm" tone="ghost" busy={busy} onClick={() => void submit([settle])}>
            {t(file === null ? 'ticket.parked.keep' : 'ticket.parked.fileDone')}
          </Button>
        </div>
      )}
    </section>
  );
}
