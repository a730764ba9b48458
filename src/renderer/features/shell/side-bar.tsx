import {
  ChevronsUpDown,
  CircleDashed,
  Crown,
  History,
  Inbox,
  Landmark,
  LayoutDashboard,
  List,
  type LucideIcon,
  PanelLeft,
  UserRoundCheck,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { QueueView } from '../../../protocol/console/rows.ts';
import { toggleSide } from '../../actions/app-actions.ts';
import { maySupervise } from '../../actions/go-actions.ts';
import { useQuery } from '../../client/use-query.ts';
import { useSession } from '../../client/use-session.ts';
import { Avatar } from '../../components/avatar.tsx';
import { IconButton } from '../../components/button.tsx';
import { Logo } from '../../components/logo.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { NARROW, useMedia } from '../../lib/use-media.ts';
import { useView, viewActs } from '../../state/view-store.ts';
import { UserMenu } from './user-menu.tsx';

const firstViews: readonly { readonly view: QueueView; readonly icon: LucideIcon; readonly urgent?: boolean }[] = [
  { view: 'mine', icon: Inbox },
  { view: 'team', icon: Users },
  { view: 'unassigned', icon: CircleDashed, urgent: true },
  { view: 'toAccept', icon: UserRoundCheck, urgent: true },
  { view: 'all', icon: List },
];
const tierViews = [
  ['tier1', 1],
  ['tier2', 2],
  ['tier3', 3],
] as const;

/** Views with their counts; narrow on demand, to its icons. */
export function SideBar() {
  const { t } = useTranslation();
  const session = useSession();
  const narrow = useMedia(NARROW);
  const collapsed = useView((state) => state.sideCollapsed) ?? narrow;
  const screen = useView((state) => state.screen);
  const view = useView((state) => (state.screen === 'queue' ? state.view : null));
  const counts = useQuery('queue.counts', {}, ['queue', 'session'], { keep: true }).data;
  const entry = (name: QueueView, icon: ReactNode, urgent = false) => (
    <Entry
      key={name}
      label={t(`shell.views.${name}`)}
      icon={icon}
      count={counts?.open[name]}
      urgent={urgent}
      current={view === name}
      collapsed={collapsed}
      onOpen={() => viewActs.openView(name)}
    />
  );

  return (
    <nav
      aria-label={t('shell.navigation')}
      className={cx(
        'flex h-full flex-col overflow-hidden border-line border-r bg-side',
        collapsed ? 'w-[52px]' : 'w-[226px]',
      )}
    >
      <div className={cx('flex h-12 shrink-0 items-center gap-2.5 pt-1', collapsed ? 'justify-center' : 'pr-2.5 pl-4')}>
        {!collapsed && (
          <>
            <Logo />
            <span className="flex-1 font-bold text-md tracking-[-0.015em]">Chasqui</span>
          </>
        )}
        <IconButton
          label={collapsed ? t('shell.expand') : t('shell.collapse')}
          onClick={() => viewActs.toggleSide()}
          aria-keyshortcuts={toggleSide.keys?.[0]}
        >
          <PanelLeft />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden px-2 pt-1 pb-3">
        <Group collapsed={collapsed}>
          {firstViews.map(({ view: name, icon: Icon, urgent }) => entry(name, <Icon />, urgent))}
        </Group>
        <Group title={t('shell.tiers')} collapsed={collapsed}>
          {tierViews.map(([name, tier]) =>
            entry(name, collapsed ? <span className="text-xs">{tier}</span> : <TierStrokes tier={tier} silent />),
          )}
        </Group>
        <Group title={t('shell.priorityViews')} collapsed={collapsed}>
          {entry('senior', <Crown />)}
          {entry('citizen', <Landmark />)}
        </Group>
        <Group title={t('shell.desk')} collapsed={collapsed}>
          <Entry
            label={t('shell.away')}
            icon={<History />}
            count={counts?.unread}
            current={screen === 'away'}
            collapsed={collapsed}
            onOpen={() => viewActs.openScreen('away')}
          />
          {maySupervise({ session }) && (
            <Entry
              label={t('shell.supervision')}
              icon={<LayoutDashboard />}
              current={screen === 'supervision'}
              collapsed={collapsed}
              onOpen={() => viewActs.openScreen('supervision')}
            />
          )}
        </Group>
      </div>
      <div className="shrink-0 border-line border-t p-2">
        <UserMenu>
          <button
            type="button"
            aria-label={t('shell.userMenu', { name: session.personName })}
            className={cx(
              'flex w-full items-center gap-2.5 rounded-md py-1.5 text-left hover:bg-line-soft',
              collapsed ? 'justify-center' : 'px-2',
            )}
          >
            <Avatar name={session.personName} size={26} />
            {!collapsed && (
              <>
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-semibold text-sm leading-4">{session.personName}</span>
                  <span className="block truncate text-2xs text-text-3">
                    {[
                      session.role === 'technician' && session.teams[0] !== undefined
                        ? t('common.tier', { tier: session.teams[0].tier })
                        : t(`role.${session.role}`),
                      session.siteName,
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </span>
                </span>
                <ChevronsUpDown className="size-3.5 shrink-0 text-text-4" />
              </>
            )}
          </button>
        </UserMenu>
      </div>
    </nav>
  );
}

function Group({
  title,
  collapsed,
  children,
}: {
  readonly title?: string;
  readonly collapsed: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className={cx(title !== undefined && (collapsed ? 'mt-2 border-line border-t pt-2' : 'mt-4'))}
    >
      {title !== undefined && !collapsed && <h2 className="mb-1 px-2 font-medium text-2xs text-text-3">{title}</h2>}
      <ul className="flex flex-col gap-px">{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly count?: number | undefined;
  readonly urgent?: boolean;
  readonly current: boolean;
  readonly collapsed: boolean;
  readonly onOpen: () => void;
}

function Entry({ label, icon, count, urgent = false, current, collapsed, onOpen }: EntryProps) {
  const format = useFormat();
  const button = (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      aria-label={label}
      onClick={onOpen}
      className={cx(
        'flex h-[30px] w-full items-center gap-2.5 rounded-md border text-sm [&_svg]:size-4 [&_svg]:shrink-0',
        collapsed ? 'justify-center' : 'px-2',
        current
          ? 'border-line bg-panel font-semibold text-text-1 shadow-low [&_svg]:text-accent'
          : 'border-transparent font-medium text-text-2 hover:bg-line-soft hover:text-text-1 [&_svg]:text-text-3',
      )}
    >
      {icon}
      {!collapsed && (
        <>
          <span className="min-w-0 flex-1 truncate text-left">{label}</span>
          {count !== undefined && count > 0 && (
            <span className={cx('text-xs', urgent ? 'font-bold text-red' : 'font-normal text-text-3')}>
              {format.number(count)}
            </span>
          )}
        </>
      )}
    </button>
  );
  return (
    <li>
      {collapsed ? (
        <Tooltip label={label} side="right">
          {button}
        </Tooltip>
      ) : (
        button
      )}
    </li>
  );
}
