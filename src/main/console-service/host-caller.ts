import { type Gets, type Gives, type HostCall, hostCalls, type ToMain, type ToService } from './wire.ts';

/** Asks main, from the utility process, for what only main has. */
export function createHostCaller(post: (message: ToMain) => void) {
  const waiting = new Map<number, (answer: Extract<ToService, { kind: 'hostAnswer' }>) => void>();
  let nextId = 1;
  return {
    ask<C extends HostCall>(call: C, argument: Gives<C>): Promise<Gets<C>> {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, (answer) => {
          const value = hostCalls[call].gets.safeParse(answer.value);
          // The schema of this very call has just parsed it.
          if (answer.ok && value.success) resolve(value.data as Gets<C>);
          else reject(new Error(`the desktop host could not answer ${call}`));
        });
        post({ kind: 'hostCall', id, call, argument });
      });
    },
    answered(answer: Extract<ToService, { kind: 'hostAnswer' }>): void {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  };
}
