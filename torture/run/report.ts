import type { LinkCounts } from '../link/faults.ts';
import type { Breach } from '../observe/compare.ts';
import type { DeedCounts } from './deeds.ts';
import type { FaultCounts } from './faults.ts';

export type Recovery = 'console' | 'store' | 'postgres' | 'restore';
/** The longest time that each kind of thing took to be back, milliseconds. */
export interface Slowest {
  seen(what: Recovery, ms: number): void;
  readonly ms: Readonly<Record<Recovery, number>>;
}
export function createSlowest(): Slowest {
  const ms: Record<Recovery, number> = { console: 0, store: 0, postgres: 0, restore: 0 };
  return {
    ms,
    seen(what, took) {
      ms[what] = Math.max(ms[what], Math.round(took));
    },
  };
}

export interface LinkTotals {
  readonly connections: number;
  /** Pieces of what passed. */
  readonly delayed: number;
  readonly dripped: number;
  readonly segmentsLost: number;
  /** All of them, and of these in the middle of what passed, by the clock of a link that cuts, by an outage. */
  readonly cut: number;
  readonly cutMiddle: number;
  readonly cutTimed: number;
  readonly cutByOutage: number;
  /** Without those of a silent outage. */
  readonly halfOpened: number;
  readonly silenced: number;
  readonly heldStreams: number;
  readonly refused: number;
  readonly unreachable: number;
}

export const linkTotals = (links: readonly Readonly<LinkCounts>[]): LinkTotals => {
  const sum = (of: (counts: Readonly<LinkCounts>) => number) => links.reduce((total, counts) => total + of(counts), 0);
  return {
    connections: sum((n) => n.connections),
    delayed: sum((n) => n.delayed),
    dripped: sum((n) => n.dripped),
    segmentsLost: sum((n) => n.lost),
    cut: sum((n) => n.cutRst + n.cutFin),
    cutMiddle: sum((n) => n.cutMiddle),
    cutTimed: sum((n) => n.cutTimed),
    cutByOutage: sum((n) => n.cutByOutage),
    halfOpened: sum((n) => n.halfOpened - n.silenced),
    silenced: sum((n) => n.silenced),
    heldStreams: sum((n) => n.heldStreams),
    refused: sum((n) => n.refused),
    unreachable: sum((n) => n.unreachable),
  };
};

export interface Report {
  readonly shown: number;
  /** These four are null where it did not come to be held against the store. */
  readonly lost: number | null;
  readonly doubled: number | null;
  readonly outOfOrder: number | null;
  readonly altered: number | null;
  /** Shown as saved, not at the store, and excused: their rows were flipped from outside. */
  readonly excused: readonly string[];
  readonly breaches: readonly Breach[];
  readonly seed: number;
  readonly minutes: number;
  readonly consoles: number;
  readonly clones: number;
  readonly stores: number;
  /** How the disks were full: really (a small tmpfs), or said to be so by SQLite. */
  readonly fullDisk: 'tmpfs' | 'injected';
  readonly deeds: DeedCounts;
  readonly faults: FaultCounts;
  readonly link: LinkTotals;
  readonly atStore: { readonly commands: number; readonly refused: number; readonly entries: number } | null;
  readonly slowestMs: Readonly<Record<Recovery, number>>;
  /** From the moment when everything had been put right until every digest was equal; null: never. */
  readonly healedMs: number | null;
  readonly clean: boolean;
  /** Kept when something was broken. */
  readonly evidence: string | null;
}

const UNKNOWN = 'not known';

/** For people. */
export function words(report: Report): string {
  const pairs = (of: object) =>
    Object.entries(of)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const healed = report.healedMs === null ? 'NEVER' : `${(report.healedMs / 1000).toFixed(1)} s`;
  return [
    `Seed ${report.seed}, ${report.minutes} minutes: ${report.consoles} consoles and ${report.clones} copies of them, ${report.stores} stores.`,
    `Acts: ${pairs(report.deeds)}.`,
    `Faults: ${pairs(report.faults)}. Full disks: ${report.fullDisk}.`,
    `Links: ${pairs(report.link)}.`,
    `At the store: ${report.atStore === null ? 'not known' : pairs(report.atStore)}.`,
    `Slowest to be back, from the first attempt, ms: ${pairs(report.slowestMs)}. All digests equal after healing: ${healed}.`,
    `Shown as saved ${report.shown}: lost ${report.lost ?? UNKNOWN}, doubled ${report.doubled ?? UNKNOWN}, out of order ${report.outOfOrder ?? UNKNOWN}, altered ${report.altered ?? UNKNOWN}; excused ${report.excused.length} (flipped from outside).`,
    ...report.breaches.map(({ rule, words: said }) => `BREACH ${rule} ${said}`),
    report.clean ? 'Every rule held.' : `Evidence: ${report.evidence}; again with --seed ${report.seed}`,
  ].join('\n');
}
