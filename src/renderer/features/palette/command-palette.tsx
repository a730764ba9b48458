import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { actionGroups } from '../../actions/action.ts';
import { useActionContext } from '../../actions/action-provider.tsx';
import { allActions } from '../../actions/all-actions.ts';
import { useQuery } from '../../client/use-query.ts';
import { Kbd } from '../../components/kbd.tsx';
import { PriorityBars } from '../../components/priority-bars.tsx';
import { TicketCode } from '../../components/ticket-code.tsx';
import { useEscape } from '../../components/use-escape.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { fold } from '../../lib/fold.ts';
import { noFilters, useView, viewActs } from '../../state/view-store.ts';

const line =
  'flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-text-3';
const heading =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-text-3';

/** Find a ticket or do anything that applies now, by typing. */
export function CommandPalette() {
  const open = useView((state) => state.overlay === 'palette');
  return open ? <OpenPalette /> : null;
}

function OpenPalette() {
  const { t } = useTranslation();
  const context = useActionContext();
  const [text, setText] = useState('');
  const wanted = text.trim();
  const found = useQuery(
    'queue.window',
    wanted.length < 2
      ? null
      : {
          ...noFilters,
          view: 'all',
          status: 'any',
          text: wanted,
          sort: { by: 'updated', dir: 'desc' },
          offset: 0,
          limit: 6,
        },
    ['queue'],
    { keep: true },
  ).data;
  const fits = (label: string) =>
    fold(wanted)
      .split(/\s+/)
      .every((word) => fold(label).includes(word));
  const actions = allActions.filter(
    (action) =>
      action.name !== 'app.palette' &&
      !action.name.startsWith('list.next') &&
      action.enabled(context) &&
      fits(t(action.label)),
  );
  const run = (perform: () => void) => {
    viewActs.closeOverlay();
    // After the palette has given the focus back, or it would take it from what opens.
    setTimeout(perform, 0);
  };

  const escapes = useEscape(() => viewActs.closeOverlay());
  return (
    <Radix.Root open onOpenChange={(next) => !next && viewActs.closeOverlay()}>
      <Radix.Portal>
        <div className="fade-in fixed inset-0 z-40 bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-50 flex justify-center pt-[12vh]">
          <Radix.Content
            aria-describedby={undefined}
            {...escapes}
            className="pop-in pointer-events-auto h-fit w-[600px] max-w-[94vw] overflow-hidden rounded-xl bg-raised shadow-pop"
          >
            <Radix.Title className="sr-only">{t('shell.palette.title')}</Radix.Title>
            <Command shouldFilter={false} loop label={t('shell.palette.title')}>
              <div className="flex items-center gap-2.5 border-line border-b px-4">
                <Search className="size-4 shrink-0 text-text-3" />
                <Command.Input
                  autoFocus
                  value={text}
                  onValueChange={setText}
                  placeholder={t('shell.palette.placeholder')}
                  className="h-12 w-full bg-transparent text-md outline-none"
                />
                <Kbd keys="escape" />
              </div>
              <Command.List className="max-h-[min(430px,60vh)] overflow-y-auto p-1.5">
                <Command.Empty className="px-3 py-8 text-center text-sm text-text-3">
                  {t('shell.palette.empty', { text })}
                </Command.Empty>
                {found !== undefined && found.rows.length > 0 && wanted.length >= 2 && (
                  <Command.Group heading={t('shell.palette.tickets')} className={heading}>
                    {found.rows.map((row) => (
                      <Command.Item
                        key={row.id}
                        value={row.id}
                        onSelect={() => run(() => viewActs.openTicket(row.id))}
                        className={line}
                      >
                        <PriorityBars level={row.priority.level} silent />
                        <TicketCode number={row.number} provisionalCode={row.provisionalCode} short />
                        <span className="min-w-0 flex-1 truncate">{row.subject}</span>
                        <span className="max-w-36 shrink-0 truncate text-text-3 text-xs">{row.requesterName}</span>
                      </Command.Item>
                    ))}
                    <Command.Item
                      value="search-all"
                      onSelect={() => run(() => viewActs.search(wanted))}
                      className={line}
                    >
                      <Search />
                      {t('shell.palette.searchAll', { text: wanted })}
                    </Command.Item>
                  </Command.Group>
                )}
                {actionGroups.map((group) => {
                  const members = actions.filter((action) => action.group === group);
                  if (members.length === 0) return null;
                  return (
                    <Command.Group key={group} heading={t(`keyboard.groups.${group}`)} className={heading}>
                      {members.map((action) => (
                        <Command.Item
                          key={action.name}
                          value={action.name}
                          onSelect={() => run(() => void action.perform(context))}
                          className={line}
                        >
                          {action.icon === undefined ? null : <action.icon />}
                          <span className="min-w-0 flex-1 truncate">{t(action.label)}</span>
                          {action.keys?.[0] !== undefined && <Kbd keys={action.keys[0]} />}
                        </Command.Item>
                      ))}
                    </Command.Group>
                  );
                })}
              </Command.List>
            </Command>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
