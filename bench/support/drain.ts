import { v7 } from 'uuid';
import type { Spawned } from '../../test/console-process/spawn.ts';

export const drainText = (n: number): string => `Escrita sin conexión ${String(n).padStart(6, '0')}`;

/** `count` notes saved one by one at a console that is offline, over these tickets in turn. Gives the milliseconds that it took. */
export async function writeOffline(console: Spawned, ticketIds: readonly string[], count: number): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const { results } = await console.call('acts.submit', {
      requestId: v7(),
      atomic: true,
      acts: [
        {
          ticketId: ticketIds[n % ticketIds.length] ?? '',
          type: 'addNote',
          payload: { visibility: 'internal', text: drainText(n) },
        },
      ],
      clearDraft: null,
    });
    if (results[0]?.ok !== true) throw new Error('the note was refused');
  }
  return performance.now() - began;
}

/** Tells the console that its network is back, and gives the milliseconds until the store has answered for every act. */
export async function drain(console: Spawned, onPending: (acts: number) => void): Promise<number> {
  const done = Promise.withResolvers<void>();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const { pendingActs } = await console.call('connection.get', {});
    looking = false;
    onPending(pendingActs);
    if (pendingActs === 0) done.resolve();
  };
  const stop = console.console.onNews((news) => {
    if (news.view === 'connection') void look();
  });
  const began = performance.now();
  await console.call('connection.retryNow', {});
  // The last news may come while a look is under way.
  const timer = setInterval(() => void look(), 20);
  await done.promise;
  const ms = performance.now() - began;
  clearInterval(timer);
  stop();
  return ms;
}
