import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { useConsole } from '../../client/console-provider.tsx';
import { createIntent } from '../../client/intent.ts';
import { newRequestId } from '../../client/use-act.ts';
import { createDraftSaver, type DraftSaver, type DraftState, type SaveAnswer } from './draft-saver.ts';
import { createStoredDraft, type StoredDraft, type UsedDraft } from './stored-draft.ts';

export interface Draft<T> {
  readonly key: string;
  readonly content: T;
  readonly set: (content: T) => void;
  readonly state: DraftState;
  /** False until the stored draft was looked for; typing is taken all the same, and wins. */
  readonly loaded: boolean;
  /** The content came from an earlier visit. */
  readonly restored: boolean;
  readonly flush: () => void;
  /**
   * Before an act that uses it up; answers the id to send it under, the same for the same act until it is known to be written,
   * and which version of the draft goes with it.
   */
  readonly hold: (act: unknown) => Promise<Held>;
  readonly release: () => void;
  /** While `state` is `conflict`: what the other window wrote, and the choice. */
  readonly other: T | null;
  readonly keepMine: () => void;
  readonly takeOther: () => void;
  /** After the act that used it up: back to the initial content, nothing saved later. */
  readonly forget: () => void;
}

/** Goes into the call that writes the act. */
export interface Held {
  readonly requestId: string;
  readonly clearDraft: UsedDraft;
}

/** What an act needs of the draft that it uses up, whatever the draft holds. */
export type DraftHold = Pick<Draft<unknown>, 'hold' | 'release' | 'forget'>;

/** What a form shows of its draft. */
export type DraftSigns = Pick<Draft<unknown>, 'state' | 'restored' | 'flush' | 'keepMine' | 'takeOther'>;

interface DraftOptions<T> {
  /** Remount (React key) for another draft: one hook lives as long as one draft is on the screen. */
  readonly draftKey: string;
  readonly ticketId: string | null;
  readonly initial: T;
  readonly schema: z.ZodType<T>;
  readonly isEmpty: (content: T) => boolean;
}

/**
 * A text that cannot be lost: saved at every pause of typing, when the field or the window is left, and when the screen
 * that holds it goes. A stored draft that this version cannot read is left alone: it stays in the list of drafts.
 */
export function useDraft<T extends string | number | boolean | null | object>(options: DraftOptions<T>): Draft<T> {
  const { client } = useConsole();
  const first = useRef(options);
  const { draftKey, ticketId, initial, schema, isEmpty } = first.current;
  const [content, setContent] = useState<T>(initial);
  const [state, setState] = useState<DraftState>('clean');
  const [loaded, setLoaded] = useState(false);
  const [restored, setRestored] = useState(false);
  const touched = useRef(false);
  const alive = useRef(true);
  const saver = useRef<DraftSaver<T> | null>(null);
  const [other, setOther] = useState<T | null>(null);
  const kept = useRef<StoredDraft<T> | null>(null);
  kept.current ??= createStoredDraft({ client, key: draftKey, ticketId, schema, isEmpty, newId: newRequestId });
  const stored = kept.current;
  const sending = useRef(false);
  const latest = useRef(content);
  const intent = useRef(createIntent(newRequestId)).current;

  const show = useCallback((next: T) => {
    latest.current = next;
    setContent(next);
  }, []);
  const settle = useCallback(
    async (value: T, answer: SaveAnswer): Promise<SaveAnswer> => {
      if (answer === 'sent') {
        intent.done();
        if (alive.current) show(initial);
      }
      if (answer !== 'conflict') return answer;
      if (alive.current) setOther(stored.other());
      else await stored.aside(value);
      return answer;
    },
    [stored, initial, intent, show],
  );
  saver.current ??= createDraftSaver<T>({
    save: async (value, requestId) => settle(value, await stored.save(value, requestId)),
    discard: async () => settle(latest.current, await stored.discard()),
    schedule: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    onState: (next) => alive.current && setState(next),
    isEmpty,
  });

  useEffect(() => {
    alive.current = true;
    let current = true;
    void stored
      .load(() => current && !touched.current)
      .then((found) => {
        if (!current) return;
        if (found !== null && !isEmpty(found)) {
          show(found);
          setRestored(true);
          setState('saved');
        }
        setLoaded(true);
      });
    const flush = () => saver.current?.flush();
    const onHidden = () => document.visibilityState === 'hidden' && flush();
    // Nobody has chosen between two texts, and the screen goes: this one is kept beside the other.
    const leave = () => {
      if (stored.other() === null) flush();
      else if (!sending.current) void stored.aside(latest.current);
    };
    window.addEventListener('pagehide', leave);
    window.addEventListener('blur', flush);
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      current = false;
      alive.current = false;
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('blur', flush);
      document.removeEventListener('visibilitychange', onHidden);
      leave();
    };
  }, [stored, isEmpty, show]);

  const set = useCallback(
    (next: T) => {
      touched.current = true;
      show(next);
      saver.current?.type(next);
    },
    [show],
  );
  const flush = useCallback(() => saver.current?.flush(), []);
  const hold = useCallback(
    async (act: unknown): Promise<Held> => {
      const requestId = intent.idFor(JSON.stringify(act));
      sending.current = true;
      await saver.current?.hold(latest.current, requestId);
      return { requestId, clearDraft: await stored.used() };
    },
    [intent, stored],
  );
  const keepMine = useCallback(() => {
    stored.choose();
    setOther(null);
    saver.current?.settle(latest.current);
  }, [stored]);
  const takeOther = useCallback(() => {
    const theirs = stored.other();
    if (theirs === null) return;
    stored.choose();
    setOther(null);
    show(theirs);
    saver.current?.settle(theirs);
  }, [stored, show]);
  const release = useCallback(() => {
    sending.current = false;
    if (!alive.current && stored.other() !== null) void stored.aside(latest.current);
    saver.current?.release();
  }, [stored]);
  const forget = useCallback(() => {
    sending.current = false;
    saver.current?.forget();
    touched.current = false;
    stored.forget();
    intent.done();
    setOther(null);
    show(initial);
    setRestored(false);
  }, [initial, intent, show, stored]);
  return {
    ...{ key: draftKey, content, set, state, loaded, restored, other },
    ...{ flush, hold, release, forget, keepMine, takeOther },
  };
}
