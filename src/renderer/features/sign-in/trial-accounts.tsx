import { useMemo, useState } from 'react';
import type { TrialAccount } from '../../../protocol/sync/auth.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/feedback.tsx';
import { Input } from '../../components/field.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { fold } from '../../lib/fold.ts';

interface TrialProps {
  readonly accounts: readonly TrialAccount[];
  readonly busy: string | null;
  readonly onChoose: (account: TrialAccount) => void;
}

/** More than this and they are also searched. */
const FEW = 8;

/** One of each role and tier first, then the others as they come. */
function oneOfEachFirst(accounts: readonly TrialAccount[]): readonly TrialAccount[] {
  const seen = new Set<string>();
  const first: TrialAccount[] = [];
  const rest: TrialAccount[] = [];
  for (const account of accounts) {
    const kind = `${account.role} ${account.tier}`;
    (seen.has(kind) ? rest : first).push(account);
    seen.add(kind);
  }
  return [...first, ...rest];
}

/** Accounts of a trial store: one press signs in. */
export function TrialAccounts({ accounts, busy, onChoose }: TrialProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const ordered = useMemo(() => oneOfEachFirst(accounts), [accounts]);
  const wanted = fold(text).split(/\s+/);
  const shown = ordered.filter((account) => {
    const words = fold(`${account.name} ${account.user} ${account.site} ${t(`role.${account.role}`)}`);
    return wanted.every((word) => words.includes(word));
  });
  return (
    <section>
      <h2 className="font-semibold text-sm">{t('signIn.trial')}</h2>
      <p className="mt-0.5 text-text-3 text-xs">{t('signIn.trialHint')}</p>
      {accounts.length > FEW && (
        <Input
          className="mt-3"
          aria-label={t('signIn.findAccount')}
          placeholder={t('signIn.findAccount')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {shown.length === 0 && <Empty title={t('common.noResults')} />}
      <ul className="mt-3 max-h-[366px] empty:hidden overflow-y-auto rounded-lg border border-line bg-panel shadow-low">
        {shown.map((account) => (
          <li key={account.user} className="border-line-soft border-b last:border-0">
            <button
              type="button"
              disabled={busy !== null}
              onClick={() => onChoose(account)}
              className="flex w-full items-center gap-2.5 px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 disabled:opacity-60"
            >
              <Avatar name={account.name} size={26} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold text-sm">{account.name}</span>
                <span className="block truncate text-text-3 text-xs">
                  {account.site} · {account.user}
                </span>
              </span>
              {account.tier === null || account.role !== 'technician' ? (
                <Badge tone="accent">{t(`role.${account.role}`)}</Badge>
              ) : (
                <span className="flex items-center gap-2 text-text-2 text-xs">
                  {t('common.tier', { tier: account.tier })}
                  <TierStrokes tier={account.tier} silent />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
