import type { CacheMeta, RowDigest } from '../../src/core/ports/cache.ts';
import type { ConsoleMethod } from '../../src/protocol/console/methods.ts';
import type { OutboxLine } from './files.ts';

/** When the process ends itself: at the `after`-th next write to the outbox, with the rows in and not committed, or committed and not told. */
export interface Arm {
  readonly at: 'inside' | 'committed';
  readonly after: number;
}

/** What is read from the files of a console, where its disk is. */
export interface Files {
  readonly outbox: readonly OutboxLine[];
  readonly standing: CacheMeta | null;
  readonly digests: readonly RowDigest[];
}

/** What the harness says to a console process. */
export type ToConsole =
  | { readonly kind: 'call'; readonly id: number; readonly method: ConsoleMethod; readonly params: unknown }
  | { readonly kind: 'read'; readonly id: number; readonly what: keyof Files }
  | { readonly kind: 'arm'; readonly arm: Arm }
  | { readonly kind: 'fill'; readonly full: boolean };

/** What a console process says to the harness, each after the core said it. */
export type FromConsole =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string }
  /** `written`: of an answer that names a new ticket, the commands that its file holds for it. */
  | { readonly kind: 'files'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown; readonly written: readonly string[] };

/** Between the two threads of the console process. */
export const HOOK_CHANNEL = 'chasqui-torture-hook';
/** Set in the environment of a console that is started on a disk which is said to be full. */
export const FULL_FROM_THE_START = 'TORTURE_FULL';
