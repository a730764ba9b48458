import { useCallback, useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { useConsole } from '../../client/console-provider.tsx';
import { createIntent } from '../../client/intent.ts';
import { newRequestId } from '../../client/use-act.ts';
import { createDraftSaver, type DraftSaver, type DraftState, type SaveAnswer } from './draft-saver.ts';

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
  /** Before an act that uses it up; answers the id to send it under, the same for the same act until it is known to be written. */
  readonly hold: (act: unknown) => string;
  readonly release: () => void;
  /** While `state` is `conflict`: what the other window wrote, and the choice. */
  readonly other: T | null;
  readonly keepMine: () => void;
  readonly takeOther: () => void;
  /** After the act that used it up: back to the initial content, nothing saved later. */
  readonly forget: () => void;
}

/** What an act needs of the draft that it uses up, whatever the draft holds. */
export type DraftHold = Pick<Draft<unknown>, 'key' | 'hold' | 'release' | 'forget'>;

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
  /** Version that the text on the screen was written over; undefined until it is known, then whatever is there is overwritten. */
  const version = useRef<number | undefined>(undefined);
  const latest = useRef(content);
  const intent = useRef(createIntent(newRequestId)).current;

  const show = useCallback((next: T) => {
    latest.current = next;
    setContent(next);
  }, []);
  const save = useCallback(
    async (value: T, requestId: string | null): Promise<SaveAnswer> => {
      const answer = await client.call('drafts.save', {
        key: draftKey,
        ticketId,
        content: JSON.parse(JSON.stringify(value)),
        ...(version.current === undefined ? {} : { seenVersion: version.current }),
        requestId,
      });
      if (!answer.ok) return 'failed';
      const told = answer.value;
      if (told.saved) {
        version.current = told.version;
        return 'saved';
      }
      version.current = told.draft?.version ?? 0;
      if (told.reason === 'sent') {
        intent.done();
        if (alive.current) show(initial);
        return 'sent';
      }
      const theirs = told.draft === null ? null : schema.safeParse(told.draft.content);
      // Sent or discarded elsewhere, or the same words: what is on the screen stays.
      if (theirs === null || !theirs.success || JSON.stringify(theirs.data) === JSON.stringify(value))
        return save(value, requestId);
      if (alive.current) setOther(theirs.data);
      return 'conflict';
    },
    [client, draftKey, ticketId, initial, schema, intent, show],
  );
  saver.current ??= createDraftSaver<T>({
    save,
    discard: async () => {
      await client.call('drafts.discard', { key: draftKey });
      version.current = 0;
    },
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
      const draft = answer.ok ? answer.value.draft : null;
      const stored = draft === null ? null : schema.safeParse(draft.content);
      if (answer.ok && !touched.current && (stored === null || stored.success)) version.current = draft?.version ?? 0;
      if (stored?.success && !touched.current && !isEmpty(stored.data)) {
        show(stored.data);
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
  }, [client, draftKey, schema, isEmpty, show]);

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
    (act: unknown) => {
      const requestId = intent.idFor(JSON.stringify(act));
      saver.current?.hold(latest.current, requestId);
      return requestId;
    },
    [intent],
  );
  const keepMine = useCallback(() => {
    setOther(null);
    saver.current?.type(latest.current);
    saver.current?.flush();
  }, []);
  const takeOther = useCallback(() => {
    if (other === null) return;
    setOther(null);
    show(other);
    saver.current?.type(other);
    saver.current?.flush();
  }, [other, show]);
  const release = useCallback(() => saver.current?.release(), []);
  const forget = useCallback(() => {
    saver.current?.forget();
    touched.current = false;
    version.current = 0;
    intent.done();
    show(initial);
    setRestored(false);
  }, [initial, intent, show]);
  return {
    ...{ key: draftKey, content, set, state, loaded, restored, other },
    ...{ flush, hold, release, forget, keepMine, takeOther },
  };
}
