let current: (() => void) | null = null;

/** The search that stands on the screen can be taken to the desk by a key; returns how to let go. */
export function holdOnlineSearch(ask: () => void): () => void {
  current = ask;
  return () => {
    if (current === ask) current = null;
  };
}

export const currentOnlineSearch = (): (() => void) | null => current;
