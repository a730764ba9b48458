/** Ids of requests, one for each thing that a person means to do once. */
export interface Intent {
  /** The same id for the same content until `done`: also after a failure, since a line that broke says nothing of what was saved. */
  idFor(content: string): string;
  /** It was saved: the same content said again is meant again. */
  done(): void;
}

export function createIntent(newId: () => string): Intent {
  let current: { readonly content: string; readonly id: string } | null = null;
  return {
    idFor(content) {
      if (current?.content !== content) current = { content, id: newId() };
      return current.id;
    },
    done() {
      current = null;
    },
  };
}
