import type { StoreFailure } from '../../src/core/ports/store-client.ts';
import type { CancelTimer } from '../../src/core/ports/timers.ts';
import { POKE_LONG_POLL_MS } from '../../src/protocol/sync/messages.ts';
import { err, type Result } from '../../src/shared/result.ts';
import type { CallName } from '../plan/plan.ts';
import type { StoreProcess } from '../store/store-process.ts';
import type { Chance } from '../time/chance.ts';
import type { Scheduler } from '../time/scheduler.ts';

/** Longest silence that the HTTP adapter waits through. */
const TIMEOUT_MS = 20_000;
/** A connection that is refused, or reset, is known at once. */
const REFUSED_MS = 3;
const OFFLINE: Result<never, StoreFailure> = err({ kind: 'offline' });

/** What is wrong with the way between one machine and the stores now. Instants are true time. */
export interface Conditions {
  /** Nothing goes through, and it is known at once. */
  cutUntil: number;
  /** Nothing goes through, and nobody is told. */
  halfOpenUntil: number;
  /** A proxy holds the stream of news back: it stays open and silent. */
  pokeHeldUntil: number;
  lossUntil: number;
  /** Chance that a request, and that an answer, is lost. */
  askedLost: number;
  answeredLost: number;
  slowUntil: number;
  slowMs: number;
  readonly loseAnswers: Map<CallName, number>;
  /** A second copy of the next such request arrives so long after the first. */
  readonly duplicate: Map<CallName, number>;
  readonly retryAfter: Map<CallName, { count: number; readonly ms: number }>;
  /** Whole transactions of the next pull that come through before it breaks; null: all. */
  cutPullAfter: number | null;
}
export const fairConditions = (): Conditions => ({
  cutUntil: 0,
  halfOpenUntil: 0,
  pokeHeldUntil: 0,
  lossUntil: 0,
  askedLost: 0,
  answeredLost: 0,
  slowUntil: 0,
  slowMs: 0,
  loseAnswers: new Map(),
  duplicate: new Map(),
  retryAfter: new Map(),
  cutPullAfter: null,
});

/** The way between one machine and the store processes. It outlives the console processes of that machine. */
export interface Link {
  readonly conditions: Conditions;
  /**
   * Carries a request to one of the processes that are up, and its answer back. Settles by the time-out at the latest; a
   * request that was lost, doubled or late may still take effect.
   */
  request<T>(
    call: CallName,
    handle: (process: StoreProcess) => Promise<Result<T, StoreFailure>>,
  ): Promise<Result<T, StoreFailure>>;
  /** A process that is up, if the way to it is open now; null: the connection fails. */
  connect(): StoreProcess | null;
  delay(): number;
}

export interface LinkDeps {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly stores: () => readonly StoreProcess[];
  readonly trace: (what: string) => void;
}

export function createLink({ scheduler, chance, stores, trace }: LinkDeps): Link {
  const conditions = fairConditions();
  const now = scheduler.now;
  const isCut = () => now() < conditions.cutUntil;
  const isMute = () => now() < conditions.halfOpenUntil;
  const loses = (share: number) => now() < conditions.lossUntil && chance.happens(share);
  const delay = () => chance.between(2, 25) + (now() < conditions.slowUntil ? chance.below(conditions.slowMs) : 0);
  const takeOne = (counts: Map<CallName, number>, call: CallName): boolean => {
    const left = counts.get(call) ?? 0;
    if (left > 0) counts.set(call, left - 1);
    return left > 0;
  };
  const up = (): StoreProcess | null => {
    const alive = stores().filter((store) => store.alive());
    return alive.length === 0 ? null : chance.pick(alive);
  };

  return {
    conditions,
    delay,
    connect: () => (isCut() || isMute() ? null : up()),
    request(call, handle) {
      return new Promise((resolve) => {
        let settled = false;
        let cancel: CancelTimer = () => {};
        const settle = (answer: Result<never, StoreFailure> | Awaited<ReturnType<typeof handle>>) => {
          if (settled) return;
          settled = true;
          cancel();
          resolve(answer);
        };
        const reset = () => void scheduler.after(REFUSED_MS, () => settle(OFFLINE));
        cancel = scheduler.after(call === 'longPoll' ? TIMEOUT_MS + POKE_LONG_POLL_MS : TIMEOUT_MS, () => {
          trace(`${call}: no answer in time`);
          settle(OFFLINE);
        });
        if (isCut()) return reset();
        const put = conditions.retryAfter.get(call);
        if (put !== undefined && put.count > 0) {
          put.count -= 1;
          trace(`${call}: told to wait ${put.ms} ms`);
          scheduler.after(delay(), () => settle(err({ kind: 'retryAfter', ms: put.ms, attempts: false })));
          return;
        }
        const twinMs = conditions.duplicate.get(call);
        conditions.duplicate.delete(call);
        const first = delay();
        const deliver = (answered: boolean) => {
          const store = up();
          if (store === null) return answered ? reset() : undefined;
          store.run(
            () => handle(store),
            (answer) => {
              if (!answered) return;
              if (isCut()) return reset();
              if (isMute() || loses(conditions.answeredLost) || takeOne(conditions.loseAnswers, call)) {
                trace(`${call}: answer lost`);
                return;
              }
              scheduler.after(delay(), () => settle(answer));
            },
            () => {
              if (answered) reset();
            },
          );
        };
        if (isMute() || loses(conditions.askedLost)) trace(`${call}: request lost`);
        else scheduler.after(first, () => deliver(true));
        if (twinMs !== undefined) {
          trace(`${call}: doubled, the second ${twinMs} ms later`);
          scheduler.after(first + twinMs, () => deliver(false));
        }
      });
    },
  };
}
