import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { benchAway } from './away.ts';
import { benchFar } from './far.ts';
import { benchFiles } from './files.ts';
import { benchFirstFill } from './first-fill.ts';
import { GROWTH_ROUNDS, GROWTH_WRITES, type GrowthFlags, runGrowth } from './growth.ts';
import { benchLoad } from './load.ts';
import { type PeersFlags, runPeers } from './peers/command.ts';
import { benchPropagate } from './propagate.ts';
import { benchQueue } from './queue.ts';
import { benchScreen } from './screen.ts';
import { benchStart } from './start.ts';
import { type BenchReport, machine } from './support/figures.ts';

interface Flags {
  json?: boolean;
  keep?: boolean;
}

/** Prints the figures; ends with 1 when a target is missed, so that a script can tell. */
function show(report: BenchReport, flags: Flags): void {
  const whole = { ...report, machine: machine(), at: new Date().toISOString() };
  if (flags.keep) {
    const folder = join(import.meta.dirname, 'results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${report.bench}.json`), `${JSON.stringify(whole, null, 2)}\n`);
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else {
    for (const [name, value] of Object.entries(report.figures)) process.stdout.write(`${name}: ${String(value)}\n`);
    for (const { what, value, wanted, met } of report.targets)
      process.stdout.write(`${met ? 'met   ' : 'MISSED'} ${what}: ${value} (${wanted})\n`);
  }
  process.exitCode = report.targets.every((target) => target.met) ? 0 : 1;
}

const program = new Command('bench').description(
  'Speed, measured as ratios and latencies within one run. Nothing else should run beside it.',
);
const bench = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .option('--json', 'print one JSON line')
    .option('--keep', 'write the report to bench/results');

bench(
  'first-fill',
  'a fresh console filled, against the raw insert rate of the same rows; then one killed at a random point',
)
  .option('--tickets <number>', 'generated tickets, two notes each', '100000')
  .option('--log <file>', 'instead of them, bpic13_incidents.csv or .csv.gz')
  .option('--rounds <number>', 'fills', '3')
  .action(async (flags: Flags & { log?: string; tickets: string; rounds: string }) => {
    const source = flags.log === undefined ? { tickets: Number(flags.tickets) } : { log: flags.log };
    show(await benchFirstFill(source, Number(flags.rounds)), flags);
  });
bench('start', 'the second npm start, to a usable queue in a real Chromium').action(async (flags: Flags) =>
  show(await benchStart(), flags),
);
bench('queue', 'filter and search latency in a generated cache')
  .option('--tickets <number>', 'how many', '100000')
  .action(async (flags: Flags & { tickets: string }) =>
    show(await benchQueue({ tickets: Number(flags.tickets) }), flags),
  );
bench('screen', 'tasks of the page’s main thread in a real Chromium while a first fill comes in')
  .option('--tickets <number>', 'how many, two notes each', '100000')
  .action(async (flags: Flags & { tickets: string }) =>
    show(await benchScreen({ tickets: Number(flags.tickets) }), flags),
  );
bench('propagate', 'a note from console A through the store to console B, over loopback').action(async (flags: Flags) =>
  show(await benchPropagate(), flags),
);
bench('far', 'the same with both consoles behind 300 ms, 5 % loss and cuts')
  .option('--rounds <number>', 'notes that are measured', '300')
  .option('--every <ms>', 'between two of them, on average', '700')
  .option('--cut-every <seconds>', 'between two cuts of a console’s link, on average; 0: none', '30')
  .option('--seed <number>', 'of what the links do', '20261123')
  .action(async (flags: Flags & { rounds: string; every: string; cutEvery: string; seed: string }) =>
    show(
      await benchFar({
        rounds: Number(flags.rounds),
        every: Number(flags.every),
        cutEvery: Number(flags.cutEvery),
        seed: Number(flags.seed),
      }),
      flags,
    ),
  );
bench('away', 'a filled console that comes back after the desk has worked without it: what it fetches')
  .option('--tickets <number>', 'of the desk, two notes each', '10000')
  .option('--days <number>', 'that it is away', '30')
  .option('--acts <number>', 'of the desk a day', '200')
  .option('--writes <number>', 'notes of its own that wait meanwhile', '100')
  .action(async (flags: Flags & { tickets: string; days: string; acts: string; writes: string }) =>
    show(
      await benchAway({
        tickets: Number(flags.tickets),
        days: Number(flags.days),
        actsADay: Number(flags.acts),
        writes: Number(flags.writes),
      }),
      flags,
    ),
  );
bench('files', 'a large file from console A through the store to console B, over links that are cut again and again')
  .option('--megabytes <number>', 'of the file', '200')
  .option('--cut-every <seconds>', 'all connections are cut, in the middle of whatever passes', '5')
  .option('--speed <number>', 'of each link, in megabytes a second', '8')
  .option(
    '--kill-every <seconds>',
    'SIGKILL to the store while the file is on its way, and another start; 0: never',
    '0',
  )
  .option('--seed <number>', 'of what the links do', '20261124')
  .action(
    async (flags: Flags & { megabytes: string; cutEvery: string; speed: string; killEvery: string; seed: string }) =>
      show(
        await benchFiles({
          megabytes: Number(flags.megabytes),
          cutEvery: Number(flags.cutEvery),
          speed: Number(flags.speed),
          killEvery: Number(flags.killEvery),
          seed: Number(flags.seed),
        }),
        flags,
      ),
  );
bench('growth', 'the product’s own works on desks of growing size; with --keep it goes on where it stopped')
  .option('--sizes <numbers>', 'tickets, two notes each, comma-separated', '10000,100000,1000000')
  .option('--only <works>', 'fill, killed, queue, drain, propagate, away; comma-separated', '')
  .option('--writes <number>', 'notes written offline and drained', String(GROWTH_WRITES))
  .option('--rounds <number>', 'of a note from console to console', String(GROWTH_ROUNDS))
  .option('--again', 'also what is kept already')
  .option('--plot', 'measure nothing: docs/growth.svg and the table of docs/performance.md, from what is kept')
  .action((flags: GrowthFlags) => runGrowth(flags));
bench('peers', 'the same work on Chasqui, PouchDB, RxDB and Zero, as ratios (bench/peers/README.md)')
  .option('--sizes <numbers>', 'tickets of a fill, two notes each, comma-separated', '10000,100000')
  .option('--killed-sizes <numbers>', 'those of them at which consoles are killed; all unless named')
  .option('--runs <number>', 'of each work', '5')
  .option('--only <names>', 'peers and works, comma-separated', '')
  .option('--writes <number>', 'notes written offline and drained', '10000')
  .option('--rounds <number>', 'of a live run', '200')
  .option('--limit <minutes>', 'for one run of one work', '15')
  .action((flags: Flags & PeersFlags) => runPeers(flags));

bench('load', 'live consoles, technicians at work and a restart, against two store processes')
  .option('--consoles <number>', 'how many listen', '1000')
  .option('--technicians <number>', 'how many of them work', '200')
  .option('--minutes <number>', 'of work', '2')
  .option('--sites <number>', 'over which people and tickets are spread', '40')
  .option('--every <seconds>', 'between two acts of a technician', '30')
  .action(
    async (flags: Flags & { consoles: string; technicians: string; minutes: string; sites: string; every: string }) =>
      show(
        await benchLoad({
          consoles: Number(flags.consoles),
          technicians: Number(flags.technicians),
          minutes: Number(flags.minutes),
          sites: Number(flags.sites),
          every: Number(flags.every),
        }),
        flags,
      ),
  );

await program.parseAsync();
