import type { BenchDesk } from '../support/desk.ts';
import type { Digest } from './digest.ts';
import type { Limit } from './support/limited.ts';
import type { RowsFile } from './support/rows.ts';

/** What one fill of a fresh console gave. The end state is looked at after the clock has stopped. */
export interface FillRun {
  /** From the start of the sync to a queue whose indexes hold every row. */
  readonly ms: number;
  /** To the first rows of the queue. */
  readonly usableMs: number;
  readonly digest: Digest;
  /** The first page of the queue, as ids. */
  readonly queue: readonly string[];
}
export interface KilledRun {
  /** Rows that the server had sent when the console was killed. */
  readonly atRows: number;
  /** Rows sent in all beyond those that a fill without a kill sends. */
  readonly again: number;
  /** Rows of a page or batch: what is fetched again of one that was cut is no fault. */
  readonly pageRows: number;
  readonly digest: Digest;
}
export interface DrainRun {
  /** From the network's return to the last write at the server. */
  readonly ms: number;
  /** The writes themselves, offline, one by one. */
  readonly writeMs: number;
  readonly arrived: number;
  readonly orderKept: boolean;
}
export interface LiveRun {
  /** From the save at A to the row in the store of B, in milliseconds, a round each. */
  readonly samples: readonly number[];
}

export const works = ['fill', 'killed', 'drain', 'live'] as const;
export type Work = (typeof works)[number];

/** What a desk holds, for every peer the same. */
export interface Desk {
  readonly folder: string;
  /** The store that has it: where Chasqui's consoles sign in, and where everybody's rows come from. */
  readonly store: { readonly bench: BenchDesk; readonly deskId: string; readonly personId: string };
  readonly rows: RowsFile;
}

/** A peer with its server running on the rows of a desk. Every run begins with a console that has nothing. */
export interface OpenPeer {
  fill?(limit: Limit): Promise<FillRun>;
  /** @param share of the rows after which the console is killed, in 0..1 */
  killed?(limit: Limit, share: number): Promise<KilledRun>;
  drain?(limit: Limit, writes: number): Promise<DrainRun>;
  live?(limit: Limit, rounds: number): Promise<LiveRun>;
  close(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  readonly does: readonly Work[];
  /** Versions and settings, and what it does less or more in the same work. */
  readonly about: readonly string[];
  open(desk: Desk): Promise<OpenPeer>;
}
