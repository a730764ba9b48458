/** The list on the screen, for the keys that move in it. */
export interface ListHandle {
  move(step: 1 | -1): void;
  open(): void;
  /** Opens the first row of what was asked last, once its rows are there. */
  openFirst(): void;
  mark(): void;
  /** Every row that is loaded, at most two windows. */
  markAll(): void;
}

let current: ListHandle | null = null;

/** The list that is mounted last hears the keys; returns how to let go. */
export function holdList(handle: ListHandle): () => void {
  current = handle;
  return () => {
    if (current === handle) current = null;
  };
}

export const currentList = (): ListHandle | null => current;
