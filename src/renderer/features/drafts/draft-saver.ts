/** `conflict`: another window wrote this draft meanwhile; neither text is lost until the person says which one stays. */
export type DraftState = 'clean' | 'typing' | 'saving' | 'saved' | 'failed' | 'conflict';

/** `sent`: acts were written under the id that the text was to be sent under, so nothing is kept. */
export type SaveAnswer = 'saved' | 'failed' | 'sent' | 'conflict';

export interface DraftSaverDeps<T> {
  /** `saved` once the engine has written it. `requestId`: the id that these very words were last tried under. */
  readonly save: (content: T, requestId: string | null) => Promise<SaveAnswer>;
  readonly discard: () => Promise<SaveAnswer>;
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
  /**
   * The act that uses the draft up is on its way under that id: nothing is saved until it is answered, or the draft would come back.
   * Settles when no save is under way any more: only then is it known which version the act uses up.
   */
  hold(content: T, requestId: string): Promise<void>;
  /** The act was refused: the text is a draft again, and saved now. */
  release(): void;
  /** After a conflict: this is the text that stays. Until then nothing is saved, so that looking away decides nothing. */
  settle(content: T): void;
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
  let tried: { readonly content: T; readonly requestId: string } | null = null;
  let busy = false;
  let held = false;
  let stuck = false;
  let flight: Promise<void> = Promise.resolve();
  let cancelTimer: (() => void) | null = null;

  const stopTimer = () => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const later = (ms: number) => {
    stopTimer();
    cancelTimer = deps.schedule(() => {
      cancelTimer = null;
      send();
    }, ms);
  };

  function send(): void {
    if (busy || held || stuck || unsaved === null) return;
    const { content } = unsaved;
    unsaved = null;
    busy = true;
    flight = write(content);
  }

  async function write(content: T): Promise<void> {
    deps.onState('saving');
    const empty = deps.isEmpty(content);
    const requestId = tried?.content === content ? tried.requestId : null;
    const answer = empty ? await deps.discard() : await deps.save(content, requestId);
    busy = false;
    if (unsaved !== null) {
      // Typed meanwhile: the pause timer is running, or flush() was refused because a save was under way.
      if (cancelTimer === null) send();
      return;
    }
    if (answer === 'sent') {
      tried = null;
      deps.onState('clean');
      return;
    }
    if (answer === 'conflict') {
      unsaved = { content };
      stuck = true;
      deps.onState('conflict');
      return;
    }
    if (answer === 'failed') {
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
      if (stuck) return;
      deps.onState('typing');
      if (!held) later(DRAFT_PAUSE_MS);
    },
    flush() {
      stopTimer();
      send();
    },
    hold(content, requestId) {
      held = true;
      tried = { content, requestId };
      stopTimer();
      return flight;
    },
    release() {
      held = false;
      // Also when it was saved before: the engine then says whether the act was written although its answer was lost.
      if (unsaved === null && tried !== null) unsaved = { content: tried.content };
      send();
    },
    settle(content) {
      stuck = false;
      unsaved = { content };
      stopTimer();
      send();
    },
    forget() {
      stopTimer();
      held = false;
      stuck = false;
      unsaved = null;
      tried = null;
      deps.onState('clean');
    },
  };
}
