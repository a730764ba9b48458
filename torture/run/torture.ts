import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyDesk } from '../../src/store/admin/verify.ts';
import { openDatabase } from '../../src/store/db/pool.ts';
import type { OutboxLine } from '../console/files.ts';
import { DESK_NAME } from '../desk/organise.ts';
import { type Breach, compare } from '../observe/compare.ts';
import { createLedger } from '../observe/ledger.ts';
import { readStore } from '../observe/store-facts.ts';
import { atCopy, drawPlan } from '../plan/draw-plan.ts';
import { isDeed, type Plan } from '../plan/plan.ts';
import type { PlantName } from '../plants/index.ts';
import { createPersons } from './deeds.ts';
import { createFaults, type Faults, noFaults } from './faults.ts';
import { heal } from './heal.ts';
import { createLocks } from './locks.ts';
import { createSlowest, type LinkTotals, type Report, words } from './report.ts';
import { createRig, type Rig } from './rig.ts';

export interface TortureOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly consoles: number;
  readonly faults: boolean;
  readonly smallDisks: boolean;
  /** Made; whoever asked takes it away again, unless a rule was broken. */
  readonly folder: string;
  readonly plant: PlantName | null;
  readonly say: (words: string) => void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const SESSIONS_EVERY_MS = 1_000;
const SAY_EVERY_MS = 10_000;
/** A deed waits for the one before it at its console, no longer than this. */
const TOO_LATE_MS = 10_000;

/** One run, from an empty folder to its report. */
export async function torture({
  seed,
  minutes,
  consoles,
  folder,
  plant,
  say,
  ...more
}: TortureOptions): Promise<Report> {
  mkdirSync(folder, { recursive: true });
  const plan = drawPlan({ seed, minutes, consoles, faults: more.faults });
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan, null, 1));
  const events: string[] = [];
  const began = performance.now();
  const note = (text: string) => void events.push(`${Math.round(performance.now() - began)} ${text.trim()}`);
  const early: Breach[] = [];
  const accuse = (text: string) => {
    note(text);
    early.push({ rule: 'BUG', words: text });
  };
  const locks = createLocks();
  const counts = noFaults();
  let faults: Faults | null = null;
  const rig = await createRig({
    folder,
    seed,
    consoles,
    plant,
    smallDisks: more.smallDisks,
    onStoreEnd: accuse,
    onConsoleEnd(machine, how) {
      if (how === null) counts.diedInWrite += 1;
      else accuse(`console ${machine.number} ended by itself: ${how}`);
      void locks.run([`console-${machine.number}`], () => faults?.startConsole(machine) ?? Promise.resolve());
    },
  });
  const db = openDatabase({ url: rig.database.url, maxConnections: 2, onIdleError: () => undefined });
  try {
    const ledger = createLedger(join(folder, 'ledger.ndjson'));
    const slowest = createSlowest();
    const persons = createPersons(ledger, (text) => early.push({ rule: 'SY2', words: text }));
    const made = createFaults({ rig, ledger, locks, counts, slowest, note });
    faults = made;
    await Promise.all(rig.posts.map(({ machine }) => made.startConsole(machine)));
    await Promise.all(rig.posts.map(({ machine }) => persons.signInWhereNeeded(machine)));
    say(`${rig.posts.length} consoles are up after ${Math.round((performance.now() - began) / 1000)} s`);

    const troubled = await play({ plan, rig, faults: made, persons, note, say: () => say(progress()) });
    say('the end of the plan: healing');
    const healed = await heal({ rig, db, ledger, locks, faults: made, persons });
    const facts = await readStore(db, rig.deskId);
    const outboxes = new Map<number, readonly OutboxLine[]>();
    for (const { machine } of rig.posts) outboxes.set(machine.number, (await machine.read('outbox')) ?? []);
    const comparison = compare(ledger, facts, outboxes);
    const verified = await verifyDesk(db, rig.deskId, DESK_NAME);
    const breaches = [
      ...early,
      ...troubled,
      ...healed.breaches,
      ...comparison.breaches,
      ...verified.faults.map((fault) => ({ rule: 'VERIFY', words: fault })),
    ];
    const stored = [...facts.commands.values()];
    const report: Report = {
      ...comparison,
      breaches,
      seed,
      minutes,
      consoles: plan.consoles,
      clones: rig.posts.length - plan.consoles,
      stores: rig.stores.length,
      fullDisk: rig.diskKind,
      deeds: { ...persons.counts },
      faults: counts,
      link: linkTotals(rig),
      atStore: {
        commands: stored.length,
        refused: stored.filter(({ refused }) => refused).length,
        entries: verified.entries,
      },
      slowestMs: slowest.ms,
      healedMs: healed.ms,
      clean: breaches.length === 0,
      evidence: breaches.length === 0 ? null : folder,
    };
    if (!report.clean) {
      writeFileSync(join(folder, 'report.json'), JSON.stringify(report, null, 1));
      writeFileSync(join(folder, 'events.txt'), `${events.join('\n')}\n`);
      writeFileSync(join(folder, 'breach.txt'), `${words(report)}\n`);
    }
    return report;

    function progress(): string {
      const faultsMade = Object.values(counts).reduce((sum, n) => sum + n, 0);
      return `${Math.round((performance.now() - began) / 1000)} s: ${ledger.count()} shown as saved, ${faultsMade} faults and what came of them`;
    }
  } finally {
    await db.close();
    await rig.close();
  }
}

interface PlayDeps {
  readonly plan: Plan;
  readonly rig: Rig;
  readonly faults: ReturnType<typeof createFaults>;
  readonly persons: ReturnType<typeof createPersons>;
  readonly note: (words: string) => void;
  readonly say: () => void;
}
/** Plays the steps at their time. One console's deeds follow one another. @returns what of the harness itself failed */
async function play({ plan, rig, faults, persons, note, say }: PlayDeps): Promise<Breach[]> {
  const failed: Breach[] = [];
  const lines = createLocks();
  const began = performance.now();
  let ended = false;
  const sessions = (async () => {
    while (!ended) {
      await Promise.all(rig.posts.map(({ machine }) => persons.signInWhereNeeded(machine)));
      await sleep(SESSIONS_EVERY_MS);
    }
  })();
  const progress = setInterval(say, SAY_EVERY_MS);
  for (const step of plan.steps) {
    await sleep(Math.max(0, step.at - (performance.now() - began)));
    if (isDeed(step)) {
      // Every copy of a console works as its original does.
      for (const [copy, { machine }] of withCopies(rig, plan.consoles, step.c).entries())
        void lines.run([String(machine.number)], async () => {
          if (performance.now() - began > step.at + TOO_LATE_MS) persons.comesTooLate();
          else await persons.perform(machine, atCopy(step, copy));
        });
      continue;
    }
    note(JSON.stringify(step));
    faults.make(step).catch((error: unknown) => {
      note(`${step.kind}: ${String(error)}`);
      failed.push({ rule: 'HARNESS', words: `${step.kind}: ${String(error)}` });
    });
  }
  await lines.idle();
  ended = true;
  await sessions;
  clearInterval(progress);
  return failed;
}
const withCopies = (rig: Rig, consoles: number, c: number) =>
  rig.posts.filter(({ machine }, n) => n === c || (n >= consoles && machine.user === rig.posts[c]?.machine.user));

function linkTotals({ posts }: Rig): LinkTotals {
  const sum = (of: (counts: Rig['posts'][number]['link']['counts']) => number) =>
    posts.reduce((total, { link }) => total + of(link.counts), 0);
  return {
    connections: sum((n) => n.connections),
    cut: sum((n) => n.cutRst + n.cutFin),
    halfOpened: sum((n) => n.halfOpened),
    segmentsLost: sum((n) => n.lost),
    heldStreams: sum((n) => n.heldStreams),
    refused: sum((n) => n.refused),
    unreachable: sum((n) => n.unreachable),
  };
}
