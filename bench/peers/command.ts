import { allPeers, benchPeers } from './bench.ts';
import { works } from './peer.ts';

export interface PeersFlags {
  readonly sizes: string;
  readonly killedSizes?: string;
  readonly runs: string;
  readonly only: string;
  readonly writes: string;
  readonly rounds: string;
  readonly limit: string;
  readonly json?: boolean;
  readonly keep?: boolean;
}

const MINUTE = 60_000;

/** `npm run bench -- peers`: the table, or one JSON line. Ends with 1 when a target is missed or an end state is not what it must be. */
export async function runPeers(flags: PeersFlags): Promise<void> {
  const only = flags.only.split(',').filter((name) => name !== '');
  const names = allPeers.map((peer) => peer.name.toLowerCase());
  const unknown = only.filter((name) => !names.includes(name) && !works.some((work) => work === name));
  if (unknown.length > 0) throw new Error(`neither a peer nor a work: ${unknown.join(', ')}`);
  /** Those of a list that were named; all of it when none was. */
  const chosen = <T extends string>(list: readonly T[]): readonly T[] => {
    const named = list.filter((one) => only.includes(one));
    return named.length > 0 ? named : list;
  };
  const numbers = (text: string) => text.split(',').map(Number);
  // So that what is to end with this process does.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const report = await benchPeers({
    sizes: numbers(flags.sizes),
    killedSizes: numbers(flags.killedSizes ?? flags.sizes),
    runs: Number(flags.runs),
    peers: chosen(names),
    works: chosen(works),
    writes: Number(flags.writes),
    rounds: Number(flags.rounds),
    limitMs: Number(flags.limit) * MINUTE,
    keep: flags.keep === true,
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  const { markdown, ...whole } = report;
  const targets = report.targets.map(
    ({ what, value, wanted, met }) => `${met ? 'met   ' : 'MISSED'} ${what}: ${value} (${wanted})`,
  );
  process.stdout.write(flags.json === true ? `${JSON.stringify(whole)}\n` : `${markdown}\n${targets.join('\n')}\n`);
  const right = report.raw.every((run) => run.verified || run.over !== undefined);
  process.exitCode = right && report.targets.every((target) => target.met) ? 0 : 1;
}
