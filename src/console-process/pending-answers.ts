/** Questions sent over a line and not yet answered, by number. */
export function createPendingAnswers<T>() {
  const waiting = new Map<number, (answer: T) => void>();
  let last = 0;
  return {
    /** Gives the question its number and waits for the answer to it. */
    ask(send: (id: number) => void): Promise<T> {
      last += 1;
      const id = last;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send(id);
      });
    },
    settle(id: number, answer: T): void {
      const resolve = waiting.get(id);
      waiting.delete(id);
      resolve?.(answer);
    },
    /** The other end is gone: everything that waits gets this answer. */
    settleAll(answer: T): void {
      const all = [...waiting.values()];
      waiting.clear();
      for (const resolve of all) resolve(answer);
    },
  };
}
