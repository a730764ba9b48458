import type { ConsoleResult } from '../../../protocol/console/methods.ts';
import { Avatar } from '../../components/avatar.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat, useNow } from '../../lib/use-format.ts';
import type { Chosen } from './supervision-screen.tsx';

type LoadRow = ConsoleResult<'supervision.load'>['rows'][number];

interface LoadTableProps {
  readonly rows: readonly LoadRow[];
  readonly unassigned: number;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}

/** One technician a line: open tickets as a bar (pending paler), high priority, to accept, the oldest. */
export function LoadTable({ rows, unassigned, chosen, onChoose }: LoadTableProps) {
  const { t } = useTranslation();
  const most = Math.max(unassigned, ...rows.map((row) => row.open), 1);
  const byLoad = rows.toSorted((a, b) => b.open - a.open);
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-sm" aria-label={t('supervision.load')}>
      <thead className="sticky top-0 z-10 bg-panel text-2xs text-text-3">
        <tr className="h-[30px] [&>th]:border-line [&>th]:border-b [&>th]:text-left [&>th]:font-normal">
          <th className="w-[40%] pl-4">{t('supervision.columns.name')}</th>
          <th className="pl-4!">{t('supervision.columns.open')}</th>
          <th className="w-[92px] pr-2 text-right!">{t('supervision.columns.high')}</th>
          <th className="w-[84px] pr-2 text-right!">{t('supervision.columns.toAccept')}</th>
          <th className="w-[92px] pr-4 text-right!">{t('supervision.columns.oldest')}</th>
        </tr>
      </thead>
      <tbody>
        <Line
          name={t('supervision.unassigned')}
          person={null}
          open={unassigned}
          most={most}
          current={chosen.kind === 'unassigned'}
          onChoose={() => onChoose({ kind: 'unassigned' })}
        />
        {byLoad.map((row) => (
          <Line
            key={row.personId}
            name={row.name}
            person={row}
            open={row.open}
            most={most}
            current={chosen.kind === 'person' && chosen.personId === row.personId}
            onChoose={() => onChoose({ kind: 'person', personId: row.personId })}
          />
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  readonly name: string;
  readonly person: LoadRow | null;
  readonly open: number;
  readonly most: number;
  readonly current: boolean;
  readonly onChoose: () => void;
}

function Line({ name, person, open, most, current, onChoose }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const pending = person?.pending ?? 0;
  const top = person?.teams.toSorted((a, b) => b.tier - a.tier)[0];
  return (
    <tr
      onClick={onChoose}
      className={cx('h-10 [&>td]:border-line-soft [&>td]:border-b', current ? 'bg-accent-wash' : 'hover:bg-hover')}
    >
      <td className={cx('pl-4', current && 'shadow-[inset_2px_0_0_var(--accent)]')}>
        <button
          type="button"
          aria-pressed={current}
          onClick={(event) => {
            event.stopPropagation();
            onChoose();
          }}
          className="flex w-full min-w-0 items-center gap-2.5 rounded-sm text-left"
        >
          <Avatar name={person === null ? null : name} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-semibold leading-4">{name}</span>
            {person !== null && (
              <span className="block truncate text-2xs text-text-3 leading-[14px]">
                {[person.teams.map((team) => team.name).join(', '), person.siteName]
                  .filter((part) => part !== null && part !== '')
                  .join(' · ')}
              </span>
            )}
          </span>
          {top !== undefined && <TierStrokes tier={top.tier} />}
        </button>
      </td>
      <td className="pl-4">
        <span className="flex items-center gap-2.5">
          <span className="w-7 shrink-0 text-right font-semibold">{format.number(open)}</span>
          <span
            className="flex h-2 flex-1 overflow-hidden rounded-full bg-line-soft"
            title={pending > 0 ? `${t('supervision.columns.pending')}: ${pending}` : undefined}
          >
            <span className="bg-accent" style={{ width: `${((open - pending) * 100) / most}%` }} />
            <span className="bg-accent/40" style={{ width: `${(pending * 100) / most}%` }} />
          </span>
        </span>
      </td>
      <td className={cx('pr-2 text-right', (person?.high ?? 0) > 0 ? 'font-semibold text-red' : 'text-text-3')}>
        {person === null ? '' : person.high === 0 ? '–' : format.number(person.high)}
      </td>
      <td className={cx('pr-2 text-right', (person?.toAccept ?? 0) > 0 ? 'font-semibold text-amber' : 'text-text-3')}>
        {person === null ? '' : person.toAccept === 0 ? '–' : format.number(person.toAccept)}
      </td>
      <td className="pr-4 text-right text-text-2">
        {person === null || person.oldestAt === null ? '' : format.age(person.oldestAt, now)}
      </td>
    </tr>
  );
}
