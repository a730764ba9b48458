import type { Breach } from '../observe/compare.ts';
import { type Fault, type FaultKind, isDeed, type LinkTrouble, type Plan } from '../plan/plan.ts';
import type { DeedCounts } from './deeds.ts';
import type { FaultCounts } from './faults.ts';
import type { LinkTotals } from './report.ts';

/** What came of a plan. */
export interface Bitten {
  readonly shown: number;
  readonly faults: FaultCounts;
  readonly deeds: Readonly<DeedCounts>;
  readonly link: LinkTotals;
}
interface Floor {
  readonly about: string;
  /** How much of it the plan has. */
  readonly asked: (faults: readonly Fault[]) => number;
  /** Where the plan has less it may meet nobody by chance, and proves nothing by that. */
  readonly from: number;
  readonly bit: (got: Bitten) => number;
}

const all =
  <K extends FaultKind>(kind: K, is: (fault: Fault & { readonly kind: K }) => boolean = () => true) =>
  (faults: readonly Fault[]): number =>
    faults.filter((fault) => isOf(fault, kind) && is(fault)).length;
const isOf = <K extends FaultKind>(fault: Fault, kind: K): fault is Fault & { readonly kind: K } => fault.kind === kind;
const trouble = (wanted: LinkTrouble) => all('link', (fault) => fault.trouble === wanted);
const sumOf =
  <K extends FaultKind>(kind: K, size: (fault: Fault & { readonly kind: K }) => number) =>
  (faults: readonly Fault[]): number =>
    faults.reduce((sum, fault) => sum + (isOf(fault, kind) ? size(fault) : 0), 0);

/** Of what takes place whatever happens one is enough; of the rest the plan has to have several. */
const floors: readonly Floor[] = [
  { about: 'backups', asked: all('backup'), from: 1, bit: ({ faults }) => faults.backup },
  { about: 'restores', asked: all('restore'), from: 1, bit: ({ faults }) => faults.restore },
  { about: 'clones', asked: all('clone'), from: 1, bit: ({ faults }) => faults.clone },
  {
    about: 'restarts of PostgreSQL',
    asked: all('restartPostgres'),
    from: 1,
    bit: ({ faults }) => faults.restartPostgres,
  },
  { about: 'a killed PostgreSQL', asked: all('killPostgres'), from: 1, bit: ({ faults }) => faults.killPostgres },
  { about: 'killed consoles', asked: all('killConsole'), from: 3, bit: ({ faults }) => faults.killConsole },
  { about: 'killed stores', asked: all('killStore'), from: 2, bit: ({ faults }) => faults.killStore },
  {
    about: 'consoles that die inside a write',
    asked: all('dieInWrite', ({ moment }) => moment === 'inside'),
    from: 3,
    bit: ({ faults }) => faults.diedInWrite,
  },
  {
    about: 'consoles that die between a write and its answer',
    asked: all('dieInWrite', ({ moment }) => moment === 'committed'),
    from: 3,
    bit: ({ faults }) => faults.diedAfterWrite,
  },
  {
    about: 'stores that die between effect and answer',
    asked: all('killInAnswer', ({ moment }) => moment === 'after'),
    from: 3,
    bit: ({ faults }) => faults.diedInAnswer,
  },
  {
    about: 'stores that die before the effect',
    asked: all('killInAnswer', ({ moment }) => moment === 'before'),
    from: 3,
    bit: ({ faults }) => faults.diedBeforeEffect,
  },
  { about: 'full disks', asked: all('fillDisk'), from: 2, bit: ({ faults }) => faults.fillDisk },
  {
    about: 'acts on a full disk (seconds that disks were full)',
    asked: sumOf('fillDisk', ({ ms }) => Math.round(ms / 1000)),
    from: 15,
    bit: ({ deeds }) => deeds.diskFull,
  },
  {
    about: 'flipped bytes',
    asked: sumOf('flipOutbox', ({ places }) => places.length),
    from: 3,
    bit: ({ faults }) => faults.bytesFlipped,
  },
  {
    about: "flipped bytes in commands' rows",
    asked: sumOf('flipOutbox', ({ places }) => places.length),
    from: 10,
    bit: ({ faults }) => faults.rowsHit,
  },
  { about: 'links cut', asked: all('cutLink'), from: 2, bit: ({ link }) => link.cut },
  { about: 'slow links', asked: trouble('slow'), from: 4, bit: ({ link }) => link.delayed },
  { about: 'links that lose', asked: trouble('lossy'), from: 3, bit: ({ link }) => link.segmentsLost },
  { about: 'links that cut', asked: trouble('cuts'), from: 5, bit: ({ link }) => link.cutMiddle + link.cutTimed },
  { about: 'half-open connections', asked: trouble('halfOpen'), from: 8, bit: ({ link }) => link.halfOpened },
  { about: 'slow drips', asked: trouble('drip'), from: 2, bit: ({ link }) => link.dripped },
  { about: 'event streams held back', asked: trouble('heldStreams'), from: 4, bit: ({ link }) => link.heldStreams },
  {
    about: 'links that refuse',
    asked: trouble('refused'),
    from: 2,
    bit: ({ link }) => link.refused + link.cutByOutage,
  },
  { about: 'silent links', asked: trouble('silent'), from: 3, bit: ({ link }) => link.silenced },
];

/**
 * What a plan asked for and a run did not meet: that it is clean says nothing about it.
 *
 * @returns a breach for each
 */
export function unproved({ steps }: Plan, got: Bitten): Breach[] {
  const faults = steps.filter((step) => !isDeed(step));
  const found: Breach[] = [];
  const accuse = (about: string, asked: number) =>
    found.push({ rule: 'FLOOR', words: `the run proved nothing about ${about}: ${asked} planned, and none met` });
  if (got.shown === 0) accuse('what is shown as saved', steps.length - faults.length);
  for (const { about, asked, from, bit } of floors) {
    const planned = asked(faults);
    if (planned >= from && bit(got) === 0) accuse(about, planned);
  }
  return found;
}
