import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../src/shared/result.ts';
import { plants } from './plants/index.ts';
import { seedOfToday } from './run/seed-of-today.ts';

export interface Options {
  readonly from: number;
  readonly seeds: number;
  readonly plant: string | null;
  readonly trace: string | null;
  readonly replay: string | null;
  /** Name under which a failing plan, made small, is kept in test/regressions. */
  readonly save: string | null;
  readonly listPlants: boolean;
  readonly json: boolean;
  readonly threads: number;
}

export const USAGE = `npm run simulate -- [--seeds N] [--from S|today] [--plant NAME] [--trace FILE] [--replay FILE] [--save NAME]
                      [--threads N] [--list-plants] [--json]`;

const whole = (text: string | undefined, standard: number, least: number): number | null => {
  if (text === undefined) return standard;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least ? value : null;
};

/** @returns what to say, where the arguments make no sense */
export function readOptions(args: readonly string[]): Result<Options, string> {
  let values: { [name: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        seeds: { type: 'string' },
        plant: { type: 'string' },
        trace: { type: 'string' },
        replay: { type: 'string' },
        save: { type: 'string' },
        threads: { type: 'string' },
        'list-plants': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const plant = text('plant') ?? null;
  if (plant !== null && !Object.hasOwn(plants, plant))
    return err(`there is no plant "${plant}"; --list-plants names them`);
  const from = text('from') === 'today' ? seedOfToday() : whole(text('from'), 1, 0);
  const seeds = whole(text('seeds'), 1_000, 1);
  const threads = whole(text('threads'), 1, 1);
  if (from === null || seeds === null || threads === null)
    return err('--from, --seeds and --threads take whole numbers, and --from the word today');
  return ok({
    from,
    seeds,
    threads,
    plant,
    trace: text('trace') ?? null,
    replay: text('replay') ?? null,
    save: text('save') ?? null,
    listPlants: values['list-plants'] === true,
    json: values['json'] === true,
  });
}
