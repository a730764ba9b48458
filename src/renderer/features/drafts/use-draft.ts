import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { useConsole } from '../../client/console-provider.tsx';
import { createDraftSaver, type DraftSaver, type DraftState } from './draft-saver.ts';

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
  readonly hold: () => void;
  readonly release: () => void;
  /** After the act that used it up: back to the initial content, nothing saved later. */
  readonly forget: () => void;
}

/** What an act needs of the draft that it uses up, whatever the draft holds. */
export type DraftHold = Pick<Draft<unknown>, 'key' | 'hold' | 'release' | 'forget'>;

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

  saver.current ??= createDraftSaver<T>({
    save: async (value) =>
      (await client.call('drafts.save', { key: draftKey, ticketId, content: JSON.parse(JSON.stringify(value)) })).ok,
    discard: () => client.call('drafts.discard', { key: draftKey }),
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
    void client.call('drafts.get', { key: draftKey }).then((answer) => {
      if (!current) return;
      const stored = answer.ok && answer.value.draft !== null ? schema.safeParse(answer.value.draft.content) : null;
      if (stored?.success && !touched.current && !isEmpty(stored.data)) {
        setContent(stored.data);
        setRestored(true);
        setState('saved');
      }
      setLoaded(true);
    });
    const flush = () => saver.current?.flush();
    const onHidden = () => document.visibilityState === 'hidden' && flush();
    window.addEventListener('pagehide', flush);
    window.addEventListener('blur', flush);
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      current = false;
      alive.current = false;
      window.removeEventListener('pagehide', flush);
      window.removeEventListener('blur', flush);
      document.removeEventListener('visibilitychange', onHidden);
      flush();
    };
  }, [client, draftKey, schema, isEmpty]);

  const set = useCallback((next: T) => {
    touched.current = true;
    setContent(next);
    saver.current?.type(next);
  }, []);
  const flush = useCallback(() => saver.current?.flush(), []);
  const hold = useCallback(() => saver.current?.hold(), []);
  const release = useCallback(() => saver.current?.release(), []);
  const forget = useCallback(() => {
    saver.current?.forget();
    touched.current = false;
    setContent(initial);
    setRestored(false);
  }, [initial]);
  return { key: draftKey, content, set, state, loaded, restored, flush, hold, release, forget };
}
