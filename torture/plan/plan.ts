import type { Deed } from '../../simulator/plan/plan.ts';

/** How a link misbehaves while a fault of it lasts. What each does is `torture/link`'s. */
export const linkTroubles = ['slow', 'lossy', 'cuts', 'halfOpen', 'drip', 'heldStreams', 'refused', 'silent'] as const;
export type LinkTrouble = (typeof linkTroubles)[number];

/**
 * What goes wrong. `c`: a console, `s`: a store process. Numbers choose "the third of what is there" and parts of a file, never a
 * path or an id.
 */
export type Fault =
  | { readonly kind: 'killConsole'; readonly c: number; readonly downMs: number }
  /** The process ends itself by SIGKILL around the commit of one of its next writes to the outbox. */
  | {
      readonly kind: 'dieInWrite';
      readonly c: number;
      readonly moment: 'inside' | 'committed';
      readonly after: number;
      readonly downMs: number;
    }
  | { readonly kind: 'killStore'; readonly s: number; readonly downMs: number }
  /** A store that is killed after the commit of a push and before its answer, or right before that commit. */
  | { readonly kind: 'killInAnswer'; readonly s: number; readonly moment: 'before' | 'after'; readonly downMs: number }
  | { readonly kind: 'restartPostgres' | 'killPostgres'; readonly downMs: number }
  /** `leave`: bytes that stay free. Only consoles on a disk of their own. */
  | { readonly kind: 'fillDisk'; readonly c: number; readonly leave: number; readonly ms: number }
  /** Bytes are flipped while the console is down. `places`: parts of the file, 0 to 1. */
  | {
      readonly kind: 'flipCache' | 'flipOutbox';
      readonly c: number;
      readonly places: readonly number[];
      readonly downMs: number;
    }
  | { readonly kind: 'backup' }
  | { readonly kind: 'restore' }
  | { readonly kind: 'clone'; readonly c: number }
  | { readonly kind: 'link'; readonly c: number; readonly trouble: LinkTrouble; readonly ms: number }
  | { readonly kind: 'cutLink'; readonly c: number };
export type FaultKind = Fault['kind'];

export type Step = { readonly at: number } & (Deed | Fault);

export interface Plan {
  readonly seed: number;
  readonly consoles: number;
  readonly horizonMs: number;
  readonly steps: readonly Step[];
}

const deedKinds: readonly Step['kind'][] = [
  'acts',
  'register',
  'reapply',
  'dismiss',
  'retryNow',
  'signOut',
  'markSeen',
];
export const isDeed = (step: Step): step is Extract<Step, { kind: Deed['kind'] }> => deedKinds.includes(step.kind);
