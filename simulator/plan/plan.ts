import type { CommandType } from '../../src/domain/commands.ts';

/**
 * A history as data: who is there, and what is done and what goes wrong, when. It says nothing that depends on what happened before:
 * a step names "the third ticket that this console shows", so any part of a plan is a plan too, and can be run alone.
 * What is not planned (delays, ids, jitter) is drawn from `noise`.
 */
export interface Plan {
  readonly version: 1;
  readonly noise: number;
  readonly consoles: readonly ConsolePlan[];
  readonly stores: number;
  /** Longest pause of a store inside a transaction, in ms; 0: none, its transactions never meet. */
  readonly slowDesk: number;
  /** When the last step is over and everything is put right. */
  readonly horizonMs: number;
  /** In order of time. */
  readonly steps: readonly Step[];
}
export interface ConsolePlan {
  readonly user: string;
  /** Device time − true time at the beginning. */
  readonly skewMs: number;
  /** Signs in for the first time in this history; otherwise it was in use before, and starts on what is on its disk. */
  readonly fresh: boolean;
  /** Speaks a protocol older than the stores take: it may only push. */
  readonly old: boolean;
}

/** One thing that a person does on a ticket. `pick` and `arg` choose what by number, among what is there at that moment. */
export interface PlannedAct {
  readonly type: ActType;
  readonly pick: number;
  readonly arg: number;
}
/** The console offers what the rules allow; where the wanted act is not among it, another one that is takes its place. */
export type ActType = Exclude<CommandType, 'register' | 'split' | 'linkRequester'>;

/** What persons do. `c`: number of the console. */
export type Deed =
  | {
      readonly kind: 'acts';
      readonly c: number;
      readonly acts: readonly PlannedAct[];
      readonly atomic: boolean;
      /** The button is hit twice: the same request goes in again after so long. */
      readonly twiceMs: number | null;
    }
  | {
      readonly kind: 'register';
      readonly c: number;
      readonly arg: number;
      readonly claim: boolean;
      readonly resolve: boolean;
      /** Split off the ticket of this number; null: a call of its own. */
      readonly splitOff: number | null;
      /** Typed as a draft so long before; null: at once. */
      readonly draftMs: number | null;
      readonly twiceMs: number | null;
    }
  | {
      /** A file is taken and an act names it. */
      readonly kind: 'attach';
      readonly c: number;
      readonly pick: number;
      readonly size: number;
      readonly arg: number;
    }
  | { readonly kind: 'reapply' | 'dismiss'; readonly c: number; readonly pick: number }
  | { readonly kind: 'retryNow'; readonly c: number }
  | { readonly kind: 'signOut'; readonly c: number; readonly awayMs: number }
  | { readonly kind: 'markSeen'; readonly c: number; readonly pick: number };

/** Calls that a fault may name. */
export const calls = ['signIn', 'refresh', 'hello', 'push', 'pull', 'snapshot', 'digest', 'longPoll', 'wiped'] as const;
export type CallName = (typeof calls)[number] | 'blob';

/** What goes wrong, or is changed from outside. `c`: a console, `s`: a store process. */
export type Fault =
  | { readonly kind: 'cut' | 'halfOpen' | 'holdPoke'; readonly c: number; readonly ms: number }
  | {
      readonly kind: 'loss';
      readonly c: number;
      readonly ms: number;
      readonly asked: number;
      readonly answered: number;
    }
  | { readonly kind: 'slow'; readonly c: number; readonly ms: number; readonly delayMs: number }
  | { readonly kind: 'loseAnswer'; readonly c: number; readonly call: CallName; readonly count: number }
  | { readonly kind: 'duplicate'; readonly c: number; readonly call: CallName; readonly afterMs: number }
  | {
      readonly kind: 'retryAfter';
      readonly c: number;
      readonly call: CallName;
      readonly count: number;
      readonly ms: number;
    }
  | { readonly kind: 'cutPull'; readonly c: number; readonly after: number }
  | { readonly kind: 'crash'; readonly c: number; readonly downMs: number }
  | { readonly kind: 'dieAt'; readonly c: number; readonly write: number; readonly downMs: number }
  /** The machine goes out too: the cache loses its last transactions, the outbox none. */
  | { readonly kind: 'powerCut'; readonly c: number; readonly lost: number; readonly downMs: number }
  | { readonly kind: 'diskFull'; readonly c: number; readonly ms: number; readonly what: 'all' | 'commit' }
  | { readonly kind: 'spoilRow' | 'spoilCache'; readonly c: number; readonly pick: number }
  | { readonly kind: 'clone'; readonly c: number; readonly downMs: number }
  | { readonly kind: 'imageDisk' | 'putBackDisk'; readonly c: number }
  | { readonly kind: 'clock'; readonly c: number; readonly skewMs: number }
  | {
      readonly kind: 'killStore';
      readonly s: number;
      readonly when: 'now' | 'beforeCommit' | 'afterCommit';
      readonly downMs: number;
    }
  | { readonly kind: 'oldStore'; readonly s: number; readonly ms: number }
  | { readonly kind: 'backup' }
  | { readonly kind: 'restore'; readonly by: 'tool' | 'silent'; readonly downMs: number }
  | {
      readonly kind: 'grants';
      readonly user: string;
      readonly sites: readonly string[];
      readonly teams: readonly string[];
    }
  | { readonly kind: 'revokeDevice'; readonly c: number }
  | { readonly kind: 'endSessions' | 'expireAccess'; readonly user: string }
  | { readonly kind: 'directory'; readonly arg: number };

export type Step = { readonly at: number } & (Deed | Fault);

const deeds: readonly Step['kind'][] = [
  'acts',
  'register',
  'attach',
  'reapply',
  'dismiss',
  'retryNow',
  'signOut',
  'markSeen',
];
export const isDeed = (step: Step): step is Extract<Step, { kind: Deed['kind'] }> => deeds.includes(step.kind);
