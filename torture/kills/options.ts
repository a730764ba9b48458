import { Command, Option } from 'commander';
import { understands, whole } from '../command-line.ts';
import { type Plant, plants } from './plants.ts';

export interface KillFlags {
  readonly kills: number;
  readonly seed: number;
  readonly plant: Plant | null;
  readonly json: boolean;
}

/** @returns null when the arguments make no sense, or help was asked for; the words are on stderr then */
export function readKillFlags(args: readonly string[]): KillFlags | null {
  const program = new Command('torture:kills')
    .description(
      'SIGKILL of a console that is writing, again and again. Exit 1: something that was saved was lost or doubled, or nothing was proved',
    )
    .option('--kills <number>', 'how many', whole(1, 1_000_000), 1_000)
    .option(
      '--seed <number>',
      'what the moments of the kills, the link and the flipped bytes are drawn from',
      whole(0, 2 ** 40),
      Date.now() % 1_000_000,
    )
    .addOption(new Option('--plant <name>', 'a fault to be found').choices(plants))
    .option('--json', 'print one JSON line on stdout', false);
  if (!understands(program, args)) return null;
  const { kills, seed, plant = null, json } = program.opts();
  return { kills, seed, plant, json };
}
