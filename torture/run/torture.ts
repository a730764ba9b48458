import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { type Database, openDatabase } from '../../src/store/db/pool.ts';
import type { End, Machine } from '../console/machine.ts';
import { DESK_NAME } from '../desk/organise.ts';
import { createLedger } from '../observe/ledger.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlantName } from '../plants/index.ts';
import { createPersons, type Persons } from './deeds.ts';
import { createEvidence } from './evidence.ts';
import { createFaults, type Faults, noFaults } from './faults.ts';
import { type Bitten, unproved } from './floors.ts';
import { agree, BOUND_MS, putRight } from './heal.ts';
import { holdAgainst } from './hold-against.ts';
import { createLocks } from './locks.ts';
import { play } from './play.ts';
import { createSlowest, linkTotals, type Report, words } from './report.ts';
import { createRig, type Rig } from './rig.ts';
import { createStages, createWaits } from './stages.ts';

export interface TortureOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly consoles: number;
  readonly faults: boolean;
  readonly smallDisks: boolean;
  /** Made; whoever asked takes it away again, unless a rule was broken. */
  readonly folder: string;
  readonly plant: PlantName | null;
  /** Longest wait for one thing: an answer, a start, an end. Whatever takes longer is accused. */
  readonly patienceMs: number;
  readonly say: (words: string) => void;
}

const CLOSE_MS = 30_000;

/** One run, from an empty folder to its report, whatever becomes of what runs: each stage has its end, and what it fails with is a breach. */
export async function torture(options: TortureOptions): Promise<Report> {
  const { seed, minutes, consoles, folder, patienceMs, say } = options;
  mkdirSync(folder, { recursive: true });
  const plan = drawPlan({ seed, minutes, consoles, faults: options.faults });
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan, null, 1));
  const evidence = createEvidence(folder);
  const waits = createWaits();
  const stages = createStages(evidence, waits);
  const locks = createLocks();
  const counts = noFaults();
  const slowest = createSlowest();
  const ledger = createLedger(join(folder, 'ledger.ndjson'));
  const persons = createPersons(ledger, (text) => evidence.accuse('SY2', text));
  const opened: (() => unknown)[] = [];
  let faults: Faults | null = null;
  let rig: Rig | null = null;
  let healedMs: number | null = null;
  let held: Awaited<ReturnType<typeof holdAgainst>> | null = null;

  /** Who died by the hook, and who has to be started by somebody else than whoever ended it. */
  function onConsoleEnd(machine: Machine, end: End): void {
    if (end.kind === 'armed') counts[end.at === 'inside' ? 'diedInWrite' : 'diedAfterWrite'] += 1;
    if (end.kind === 'itself') evidence.accuse('BUG', `console ${machine.number} ended by itself: ${end.how}`);
    if (end.kind === 'hung') evidence.accuse('HANG', `console ${machine.number} ${end.what}, and was killed`);
    const isLeftAlone = end.kind === 'itself' || end.kind === 'hung' || (end.kind === 'armed' && end.takenBack);
    if (isLeftAlone) void locks.run([`console-${machine.number}`], async () => faults?.startConsole(machine));
  }
  const progress = () => {
    const made = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const at = Math.round(evidence.now() / 1000);
    say(`${at} s: ${ledger.count()} shown as saved, ${made} faults and what came of them`);
  };

  try {
    rig = await stages.run('the start of database and stores', 3 * patienceMs, () =>
      createRig(
        {
          ...options,
          onStoreFault: (rule, text) => evidence.accuse(rule, text),
          onConsoleEnd,
        },
        opened,
      ),
    );
    if (rig !== null) await run(rig, plan);
  } finally {
    for (const close of opened.reverse())
      await stages.run('taking it down', CLOSE_MS, async () => void (await close()));
  }
  // A run that broke off has said so.
  if (held !== null) for (const { rule, words } of unproved(plan, came())) evidence.accuse(rule, words);
  return report();

  async function run(rig: Rig, plan: Plan): Promise<void> {
    const db: Database = openDatabase({ url: rig.database.url, maxConnections: 2, onIdleError: () => undefined });
    opened.push(() => db.close());
    const made = createFaults({
      rig,
      ledger,
      locks,
      counts,
      slowest,
      waits,
      refusedForDisk: () => persons.counts.diskFull,
      evidence,
    });
    faults = made;
    await stages.run('the start of the consoles', 3 * patienceMs, () => startAll(rig, made, persons, waits.on));
    say(`${rig.posts.length} consoles are up after ${Math.round(evidence.now() / 1000)} s`);
    await stages.run('the plan', plan.horizonMs + 3 * patienceMs, (over) =>
      play({ plan, rig, faults: made, persons, evidence, over, say: progress }),
    );
    say('the end of the plan: healing');
    const right = await stages.run('putting everything right', 3 * patienceMs, () =>
      putRight({ rig, locks, faults: made, waits }),
    );
    // What was not put right, as is said by now, does not agree, and has not sent what it has.
    if (right !== true) return;
    healedMs = await stages.run('agreeing', BOUND_MS + 2 * patienceMs, (over) =>
      agree({ rig, db, ledger, persons, evidence, waits, patienceMs, over }),
    );
    held = await stages.run('holding what was shown against the store', 3 * patienceMs, () =>
      holdAgainst({ rig, db, ledger, evidence, waits, verify: () => verifyDesk(db, rig.deskId, DESK_NAME) }),
    );
  }

  function came(): Bitten {
    const link = linkTotals((rig?.posts ?? []).map((post) => post.link.counts));
    return { shown: ledger.count(), faults: counts, deeds: { ...persons.counts }, link };
  }
  function report(): Report {
    const clean = evidence.breaches.length === 0;
    const made: Report = {
      ...came(),
      lost: held?.lost ?? null,
      doubled: held?.doubled ?? null,
      outOfOrder: held?.outOfOrder ?? null,
      altered: held?.altered ?? null,
      excused: held?.excused ?? [],
      breaches: evidence.breaches,
      seed,
      minutes,
      consoles: plan.consoles,
      clones: Math.max(0, (rig?.posts.length ?? 0) - plan.consoles),
      stores: rig?.stores.length ?? 0,
      fullDisk: rig?.diskKind ?? 'injected',
      atStore: held?.atStore ?? null,
      slowestMs: slowest.ms,
      healedMs,
      clean,
      evidence: clean ? null : folder,
    };
    if (!clean) {
      writeFileSync(join(folder, 'report.json'), JSON.stringify(made, null, 1));
      writeFileSync(join(folder, 'breach.txt'), `${words(made)}\n`);
    }
    return made;
  }
}

async function startAll(
  rig: Rig,
  faults: Faults,
  persons: Persons,
  wait: <T>(what: string, work: Promise<T>) => Promise<T>,
): Promise<void> {
  const each = (what: string, work: (machine: Machine) => Promise<unknown>) =>
    Promise.all(rig.posts.map(({ machine }) => wait(`console ${machine.number} to ${what}`, work(machine))));
  await each('start', (machine) => faults.startConsole(machine));
  await each('sign in', (machine) => persons.signInWhereNeeded(machine));
}
