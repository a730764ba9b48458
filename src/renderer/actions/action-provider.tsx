import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { assert } from '../../shared/assert.ts';
import { useConsole } from '../client/console-provider.tsx';
import { useLinkState, useSession } from '../client/use-session.ts';
import { useTicketView } from '../client/use-ticket-view.ts';
import { chordOf, isTyping } from '../lib/keys.ts';
import { useView } from '../state/view-store.ts';
import type { Action, ActionContext } from './action.ts';
import { allActions } from './all-actions.ts';

/** The context of the actions as it stands: looked at when something is done, listened to by what it changes. */
interface Held {
  now(): ActionContext;
  listen(listener: () => void): () => void;
}

const Context = createContext<Held | null>(null);

/** A second key of a sequence counts within this long. */
const SEQUENCE_MS = 900;

/** Gives every action its context, and hears the keys for all of them in one place. */
export function ActionProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useConsole();
  const session = useSession();
  const link = useLinkState();
  const view = useView();
  const id = view.selectedTicketId;
  const ticket = useTicketView(id).view ?? null;
  const context = useMemo<ActionContext>(
    () => ({ client, session, connection: link === undefined ? null : { state: link }, view, ticket }),
    [client, session, link, view, ticket],
  );
  const latest = useRef(context);
  latest.current = context;
  const listeners = useRef(new Set<() => void>()).current;
  const held = useMemo<Held>(
    () => ({
      now: () => latest.current,
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    [listeners],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the context changed
  useLayoutEffect(() => {
    for (const listener of [...listeners]) listener();
  }, [context, listeners]);

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

  return <Context value={held}>{children}</Context>;
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

function useHeld(): Held {
  const held = useContext(Context);
  assert(held !== null, 'an action is used outside ActionProvider');
  return held;
}

/** The whole context, drawn again at each of its changes: every click on a ticket, every letter of a search. */
export function useActionContext(): ActionContext {
  const held = useHeld();
  return useSyncExternalStore(held.listen, held.now);
}

/** A plain value made of the context: whoever looks at that alone is drawn again only when it changes. */
export function useActionPart<T extends string | number | boolean>(part: (context: ActionContext) => T): T {
  const held = useHeld();
  return useSyncExternalStore(held.listen, () => part(held.now()));
}

/** The context of the moment of a press, for whoever shows nothing of it. */
export const useActionNow = (): (() => ActionContext) => useHeld().now;

/** What a button of an action needs: whether it applies now, and the doing. */
export function useAction(action: Action): { readonly enabled: boolean; readonly run: () => void } {
  const enabled = useActionPart((context) => action.enabled(context));
  const now = useActionNow();
  return { enabled, run: () => void action.perform(now()) };
}
