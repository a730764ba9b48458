import { MoreHorizontal } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Action } from '../../actions/action.ts';
import { useActionNow, useActionPart } from '../../actions/action-provider.tsx';
import { type TicketActionName, ticketActionsByName, ticketRow } from '../../actions/ticket-actions.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useTicketWords } from './ticket-context.tsx';

/** More than this is a wall of buttons, however wide the pane. */
const MOST = 5;
const GAP = 6;
const MORE_WIDTH = 34;
/** Acts that move the ticket on; the others never look like the one to press. */
const main: readonly TicketActionName[] = ['accept', 'claim', 'resume', 'escalate', 'resolve', 'close'];
const names = Object.keys(ticketActionsByName) as TicketActionName[];

/**
 * How many of the buttons fit, in their order. Measured on the buttons themselves, which stay in place and turn
 * invisible, so that nothing flashes or shifts while the pane is resized.
 */
function useFitting(count: number, key: string) {
  const row = useRef<HTMLDivElement>(null);
  const [fitting, setFitting] = useState(count);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another set of buttons is measured anew
  useLayoutEffect(() => {
    const node = row.current;
    if (node === null) return;
    const measure = () => {
      const room = node.clientWidth - MORE_WIDTH;
      let used = 0;
      let fit = 0;
      for (const child of [...node.children].slice(0, count)) {
        if (!(child instanceof HTMLElement)) break;
        used += child.offsetWidth + GAP;
        if (used - GAP > room) break;
        fit += 1;
      }
      setFitting(Math.max(1, fit));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [count, key]);
  return { row, fitting };
}

/** The acts that fit this ticket now, most likely first; the rest in the menu, with their keys. */
export function ActionRow() {
  const { t, language } = useTranslation();
  const now = useActionNow();
  const { view, me } = useTicketWords();
  const { id } = view.ticket;
  // The actions look at the ticket of the context: until it is this one, nothing may be pressed.
  const applying = useActionPart((context) =>
    context.ticket?.ticket.id === id
      ? names.filter((name) => ticketActionsByName[name].enabled(context)).join(' ')
      : '',
  ).split(' ');
  const applies = (name: TicketActionName) => applying.includes(name);
  const first = ticketRow(view, me).filter(applies).slice(0, MOST);
  const { row, fitting } = useFitting(first.length, `${first.join()} ${language}`);
  const shown = first.slice(0, fitting);
  const rest = names.filter((name) => applies(name) && !shown.includes(name));
  const run = (action: Action) => void action.perform(now());
  return (
    <div className="relative">
      <div
        ref={row}
        role="toolbar"
        aria-label={t('ticket.header.actions')}
        className="flex h-[30px] gap-1.5 overflow-hidden"
      >
        {first.map((name, index) => {
          const action: Action = ticketActionsByName[name];
          const Icon = action.icon;
          const fits = index < fitting;
          return (
            <Button
              key={name}
              data-action={action.name}
              tone={index === 0 && main.includes(name) ? 'primary' : 'default'}
              icon={Icon === undefined ? undefined : <Icon />}
              shortcut={index === 0 ? action.keys?.[0] : undefined}
              title={
                action.keys?.[0] === undefined ? undefined : `${t(action.label)} (${action.keys[0].toUpperCase()})`
              }
              className={cx(!fits && 'invisible order-2')}
              tabIndex={fits ? undefined : -1}
              aria-hidden={fits ? undefined : true}
              onClick={() => run(action)}
            >
              {t(action.label)}
            </Button>
          );
        })}
        {rest.length > 0 && (
          <span className="order-1">
            <Menu
              align="end"
              trigger={
                <IconButton
                  label={t('ticket.header.more')}
                  className="h-[30px] w-[30px] border border-line bg-panel shadow-low"
                >
                  <MoreHorizontal />
                </IconButton>
              }
            >
              {rest.map((name) => {
                const action: Action = ticketActionsByName[name];
                const Icon = action.icon;
                return (
                  <span key={name} className="contents">
                    {name === 'cancel' && <MenuSeparator />}
                    <MenuItem
                      onSelect={() => run(action)}
                      icon={Icon === undefined ? undefined : <Icon />}
                      shortcut={action.keys?.[0]}
                      danger={name === 'cancel'}
                    >
                      {t(action.label)}
                    </MenuItem>
                  </span>
                );
              })}
            </Menu>
          </span>
        )}
      </div>
    </div>
  );
}
