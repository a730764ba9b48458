import { Command, Option } from 'commander';
import { number, understands, whole } from './command-line.ts';
import { CONSOLES } from './plan/draw-plan.ts';
import { type PlantName, plantNames } from './plants/index.ts';

export interface Options {
  readonly minutes: number;
  readonly consoles: number;
  readonly seed: number;
  readonly json: boolean;
  readonly faults: boolean;
  /** False: full disks are injected even where they could be had. */
  readonly smallDisks: boolean;
  /** Where everything lies while it runs, and stays when a rule was broken; null: a folder of its own. */
  readonly folder: string | null;
  readonly plant: PlantName | null;
  /** Longest wait for one thing. */
  readonly patienceMs: number;
}

/** @returns null when the arguments make no sense, or help was asked for; the words are on stderr then */
export function readOptions(args: readonly string[]): Options | null {
  const program = new Command('torture')
    .description('Beats consoles, stores and a database, heals them, and looks for what was shown as saved.')
    .option('--minutes <number>', 'how long it goes on before everything is healed', number(0.1, 600), 2)
    .option('--seed <number>', 'what is done and what goes wrong follow from it', whole(0, 2 ** 40), 1)
    .option('--folder <path>', 'where everything lies, new or empty; it stays when a rule was broken')
    .option('--no-faults', 'work only')
    .option('--no-small-disks', 'full disks are said to be so by SQLite, though this machine could mount small ones')
    .option('--consoles <number>', 'how many there are', whole(2, CONSOLES), CONSOLES)
    .option(
      '--patience <seconds>',
      'longest wait for one answer, start or end before it is accused',
      number(5, 600),
      90,
    )
    .addOption(new Option('--plant <name>', 'with a known bug: it has to be found').choices(plantNames))
    .option('--json', 'print one JSON report on stdout, and the words on stderr', false);
  if (!understands(program, args)) return null;
  const { minutes, seed, consoles, json, faults, smallDisks, folder = null, plant = null, patience } = program.opts();
  return { minutes, seed, consoles, json, faults, smallDisks, folder, plant, patienceMs: patience * 1_000 };
}
