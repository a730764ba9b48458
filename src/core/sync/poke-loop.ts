import type { PokeStream, StoreFailure } from '../ports/store-client.ts';
import type { CancelTimer } from '../ports/timers.ts';
import { reactions } from './failure-reactions.ts';
import { authorized, type Link } from './link.ts';
import { createLoopBackoff, pause } from './pause.ts';
import type { SyncContext } from './sync-context.ts';

/** Two missed heartbeats: a proxy is holding the stream back, or the link is half open. */
export const SILENCE_MS = 20_000;
/** Middle of the jittered interval of plain polling. */
export const POLL_MS = 30_000;
/** A stream is given another chance after this long on a lesser way. */
const UPGRADE_MS = 600_000;
const SHORT_STREAMS_BEFORE_LESSER = 2;
/** One long poll may be cut by a blip; a proxy that cuts them cuts the next one too. */
const CUT_POLLS_BEFORE_LESSER = 2;
/**
 * A store that goes ends all its streams in the same instant: they are opened again over the next four seconds. One that was cut is
 * mostly one line's trouble, and opened again within the first second.
 */
export const ENDED_FAILURES = 2;

type Way = 'stream' | 'longPoll' | 'polling';

/**
 * Hears that the store has news, by the best way that works: server-sent events; long polls when a stream stays silent or
 * keeps breaking; plain polling with jitter when those fail too. News only wakes the pull, which finds out what it is.
 */
export async function runPoke(link: Link, context: SyncContext, head: number): Promise<void> {
  const { deps } = context;
  const backoff = createLoopBackoff(deps);
  let way: Way = 'stream';
  let lesserSince = 0;
  let shortStreams = 0;
  let cutPolls = 0;
  let known = head;
  const lessen = (to: Way) => {
    if (way === 'stream') lesserSince = deps.clock.monotonicMs();
    way = to;
    deps.log.write('info', 'pokeWay', { way });
  };
  while (!link.closed) {
    if (way !== 'stream' && deps.clock.monotonicMs() - lesserSince > UPGRADE_MS) {
      way = 'stream';
      shortStreams = 0;
      cutPolls = 0;
    }
    if (way === 'stream') {
      const end = await listen(link, context);
      if (link.closed) return;
      // A stream that worked says where the head is as it opens again. Else a pull finds what is new, and whether the link is gone.
      if (end.beats === 0 || end.silent) context.storeNews.raise();
      else backoff.reset(end.failure === null ? ENDED_FAILURES : 0);
      if (end.failure !== null && reactions[end.failure.kind].kind === 'ends' && end.failure.kind !== 'offline') {
        if (end.failure.kind !== 'unauthenticated') return link.fail(end.failure);
        await context.keeper.renew();
      }
      const told = end.failure?.kind === 'retryAfter';
      if (!told) shortStreams = end.beats === 0 ? shortStreams + 1 : 0;
      if (!told && (end.silent || shortStreams >= SHORT_STREAMS_BEFORE_LESSER)) lessen('longPoll');
      else await backoff.wait(link, end.failure);
    } else if (way === 'longPoll') {
      const answer = await authorized(context.keeper, (token) => deps.store.longPoll(token, known), link);
      if (link.closed) return;
      if (answer.ok) {
        backoff.reset();
        cutPolls = 0;
        context.storeNews.heard(answer.value);
        known = answer.value.head;
      } else if (answer.error.kind === 'retryAfter') {
        await backoff.wait(link, answer.error);
      } else if (answer.error.kind === 'offline' || reactions[answer.error.kind].kind === 'own') {
        // Where it is the link that is gone, the pull says so.
        context.storeNews.raise();
        cutPolls += 1;
        if (answer.error.kind !== 'offline' || cutPolls >= CUT_POLLS_BEFORE_LESSER) lessen('polling');
        await backoff.wait(link, answer.error);
      } else return link.fail(answer.error);
    } else {
      await pause(deps, link, POLL_MS / 2 + deps.random.fraction() * POLL_MS);
      context.storeNews.raise();
    }
  }
}

interface StreamEnd {
  readonly failure: StoreFailure | null;
  readonly beats: number;
  readonly silent: boolean;
}

/** Listens until the stream ends, stays silent for too long, or the contact is over. */
async function listen(link: Link, context: SyncContext): Promise<StreamEnd> {
  const { deps, keeper, storeNews } = context;
  const token = await keeper.accessToken();
  if (!token.ok) return { failure: token.error.kind === 'noSession' ? null : token.error, beats: 0, silent: false };
  if (link.closed) return { failure: null, beats: 0, silent: false };
  return new Promise((resolve) => {
    let beats = 0;
    let cancel: CancelTimer = () => {};
    let unhook = () => {};
    let stream: PokeStream | null = null;
    let over = false;
    const finish = (failure: StoreFailure | null, silent: boolean) => {
      if (over) return;
      over = true;
      cancel();
      unhook();
      stream?.close();
      if (failure?.kind === 'unauthenticated') keeper.invalidate(token.value);
      resolve({ failure, beats, silent });
    };
    const watch = () => {
      cancel();
      cancel = deps.timers.after(SILENCE_MS, () => finish(null, true));
    };
    const alive = () => {
      beats += 1;
      watch();
    };
    stream = deps.store.poke(token.value, {
      onOpen: watch,
      onNews(place) {
        alive();
        storeNews.heard(place);
      },
      onBeat: alive,
      onClosed: (failure) => finish(failure, false),
    });
    // An adapter may have ended it before it gave it back.
    if (over) return stream.close();
    watch();
    unhook = link.onClose(() => finish(null, false));
  });
}
