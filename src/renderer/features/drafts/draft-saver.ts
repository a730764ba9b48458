export type DraftState = 'clean' | 'typing' | 'saving' | 'saved' | 'failed';

export interface DraftSaverDeps<T> {
  /** Resolves true once the engine has written it. */
  readonly save: (content: T) => Promise<boolean>;
  readonly discard: () => Promise<unknown>;
  readonly schedule: (run: () => void, ms: number) => () => void;
  readonly onState: (state: DraftState) => void;
  /** Nothing worth keeping: the stored draft goes instead of an empty one staying. */
  readonly isEmpty: (content: T) => boolean;
}

export interface DraftSaver<T> {
  /** New content from the keyboard; saved at the next pause. */
  type(content: T): void;
  /** Saves what is unsaved now: blur, unload, another ticket. */
  flush(): void;
  /** The act that uses the draft up is on its way: nothing is saved until it is answered, or the draft would come back. */
  hold(): void;
  /** The act was refused: the text is a draft again, and saved now. */
  release(): void;
  /** The engine cleared the draft together with the act: nothing later may bring it back. */
  forget(): void;
}

/** Short enough that a crash costs less than a word, long enough not to write at every key. */
export const DRAFT_PAUSE_MS = 350;
const RETRY_MS = 2_000;

/**
 * Saves one draft. At most one save is under way and the newest content wins; a failed save is tried again until it
 * holds or newer content replaces it. After `forget` no save of older content is ever sent.
 */
export function createDraftSaver<T>(deps: DraftSaverDeps<T>): DraftSaver<T> {
  let unsaved: { readonly content: T } | null = null;
  let busy = false;
  let held = false;
  let cancelTimer: (() => void) | null = null;

  const stopTimer = () => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const later = (ms: number) => {
    stopTimer();
    cancelTimer = deps.schedule(() => {
      cancelTimer = null;
      void send();
    }, ms);
  };

  async function send(): Promise<void> {
    if (busy || held || unsaved === null) return;
    const { content } = unsaved;
    unsaved = null;
    busy = true;
    deps.onState('saving');
    const empty = deps.isEmpty(content);
    const saved = empty ? await deps.discard().then(() => true) : await deps.save(content);
    busy = false;
    if (unsaved !== null) {
      // Typed meanwhile: the pause timer is running, or flush() was refused because a save was under way.
      if (cancelTimer === null) void send();
      return;
    }
    if (!saved) {
      unsaved = { content };
      deps.onState('failed');
      if (!held) later(RETRY_MS);
      return;
    }
    deps.onState(empty ? 'clean' : 'saved');
  }

  return {
    type(content) {
      unsaved = { content };
      deps.onState('typing');
      if (!held) later(DRAFT_PAUSE_MS);
    },
    flush() {
      stopTimer();
      void send();
    },
    hold() {
      held = true;
      stopTimer();
    },
    release() {
      held = false;
      void send();
    },
    forget() {
      stopTimer();
      held = false;
      unsaved = null;
      deps.onState('clean');
    },
  };
}
