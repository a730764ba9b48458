import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { assert } from '../../shared/assert.ts';
import { useConsole } from '../client/console-provider.tsx';
import { useConnection, useSession } from '../client/use-session.ts';
import { useTicketView } from '../client/use-ticket-view.ts';
import { chordOf, isTyping } from '../lib/keys.ts';
import { useView } from '../state/view-store.ts';
import type { Action, ActionContext } from './action.ts';
import { allActions } from './all-actions.ts';

const Context = createContext<ActionContext | null>(null);

/** A second key of a sequence counts within this long. */
const SEQUENCE_MS = 900;

/** Gives every action its context, and hears the keys for all of them in one place. */
export function ActionProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useConsole();
  const session = useSession();
  const connection = useConnection() ?? null;
  const view = useView();
  const id = view.selectedTicketId;
  const ticket = useTicketView(id).view ?? null;
  const context = useMemo<ActionContext>(
    () => ({ client, session, connection, view, ticket }),
    [client, session, connection, view, ticket],
  );
  const latest = useRef(context);
  latest.current = context;

  useEffect(() => {
    let first: { readonly chord: string; readonly at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const chord = chordOf(event);
      const typing = isTyping(event.target);
      const inLayer = event.target instanceof Element && event.target.closest('[role=dialog], [role=menu]') !== null;
      const sequence = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? `${first.chord} ${chord}` : null;
      first = typing || inLayer ? null : { chord, at: event.timeStamp };
      const action = pick(latest.current, (keys) => keys === chord || keys === sequence, typing || inLayer);
      if (action === undefined) return;
      event.preventDefault();
      first = null;
      void action.perform(latest.current);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return <Context value={context}>{children}</Context>;
}

function pick(context: ActionContext, isKey: (keys: string) => boolean, busy: boolean): Action | undefined {
  const wanted = allActions.flatMap((action) => {
    const key = action.keys?.find(isKey);
    return key === undefined || (busy && action.whileTyping !== true) ? [] : [{ action, key }];
  });
  // The longer sequence wins: `g m` over `m`.
  const longestFirst = wanted.toSorted((a, b) => b.key.length - a.key.length);
  return longestFirst.find(({ action }) => action.enabled(context))?.action;
}

export function useActionContext(): ActionContext {
  const context = useContext(Context);
  assert(context !== null, 'an action is used outside ActionProvider');
  return context;
}

/** What a button of an action needs: whether it applies now, and the doing. */
export function useAction(action: Action): { readonly enabled: boolean; readonly run: () => void } {
  const context = useActionContext();
  return { enabled: action.enabled(context), run: () => void action.perform(context) };
}
