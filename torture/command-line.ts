import { type Command, InvalidArgumentError } from 'commander';

const read = (given: string): number => (given.trim() === '' ? Number.NaN : Number(given));

/** For an option of a command line: a number within bounds, or words that say so. */
export function number(least: number, most: number) {
  return (given: string): number => {
    const value = read(given);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a number from ${least} to ${most} is wanted.`);
  };
}

/** As `number`, and nothing between two of them. */
export function whole(least: number, most: number) {
  return (given: string): number => {
    const value = read(given);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most} is wanted.`);
  };
}

/** @returns false when the arguments make no sense, or help was asked for; the words are on stderr then */
export function understands(program: Command, args: readonly string[]): boolean {
  program.exitOverride().configureOutput({ writeOut: (text) => process.stderr.write(text) });
  try {
    program.parse(args, { from: 'user' });
    return true;
  } catch {
    return false;
  }
}
