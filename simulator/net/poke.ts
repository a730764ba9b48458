import type { PokeListener, PokeStream } from '../../src/core/ports/store-client.ts';
import type { CancelTimer } from '../../src/core/ports/timers.ts';
import { POKE_HEARTBEAT_MS, type PokeFrame } from '../../src/protocol/sync/messages.ts';
import { ACCESS_TOKEN_MS } from '../../src/store/auth/session-tokens.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Link } from './link.ts';

export interface PokeOptions {
  readonly link: Link;
  readonly scheduler: Scheduler;
  readonly token: string;
  readonly listener: PokeListener;
  /** False once the console's process is dead. */
  readonly alive: () => boolean;
}

/**
 * A stream of news over a link: what goes wrong with the link is silence (half open, held back by a proxy) or an end. It is
 * bound to one store process, and ends with it.
 */
export function openPoke({ link, scheduler, token, listener, alive }: PokeOptions): PokeStream {
  const { conditions } = link;
  const now = scheduler.now;
  let over = false;
  let unsubscribe = () => {};
  let nextBeat: CancelTimer = () => {};
  const close = () => {
    over = true;
    unsubscribe();
    nextBeat();
  };
  const end: PokeListener['onClosed'] = (failure) => {
    if (over) return;
    close();
    if (alive()) listener.onClosed(failure);
  };
  const silentFor = () => Math.max(conditions.halfOpenUntil, conditions.pokeHeldUntil) - now();
  /** What an open stream was given is not lost: it comes late. */
  const hear = (run: () => void) => {
    if (over || !alive()) return;
    const wait = silentFor();
    if (wait > 0) scheduler.after(wait, () => hear(run));
    else run();
  };
  const news = (place: PokeFrame) => void scheduler.after(link.delay(), () => hear(() => listener.onNews(place)));

  scheduler.after(link.delay(), () => {
    if (over) return;
    const store = link.connect();
    if (store === null) {
      // A connection that is refused says so; one that leads nowhere stays silent until the console gives it up.
      if (!(now() < conditions.halfOpenUntil)) end({ kind: 'offline' });
      return;
    }
    store.run(
      () => store.routes().openPoke(token),
      (answer) => {
        if (over) return;
        if (!answer.ok) return void scheduler.after(link.delay(), () => end(answer.error));
        const endsAt = now() + ACCESS_TOKEN_MS;
        const leave = store.subscribe({ news, ended: end });
        unsubscribe = leave;
        scheduler.after(link.delay(), () => hear(listener.onOpen));
        news(answer.value);
        const beat = () => {
          if (!alive()) return close();
          const isOver = now() >= endsAt || !store.routes().holdsStream(token);
          if (now() < conditions.cutUntil || isOver) return end({ kind: 'offline' });
          if (silentFor() <= 0) hear(listener.onBeat);
          nextBeat = scheduler.after(POKE_HEARTBEAT_MS, beat);
        };
        nextBeat = scheduler.after(POKE_HEARTBEAT_MS, beat);
      },
      () => end({ kind: 'offline' }),
    );
  });
  return { close };
}
