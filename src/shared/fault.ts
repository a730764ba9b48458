/** What may be told of an exception to a log: its kind, its code and where it came from. Never its message, which may hold values. */
export interface Fault {
  readonly name: string;
  readonly code: string | null;
  /** The innermost places of the stack, `function file.ts:line:column`; no folder, for its path may name a person. */
  readonly at: readonly string[];
}

const PLACES = 12;
const word = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w.-]{1,64}$/u.test(value) ? value : null;

/** A place of a stack as V8 writes it, without the folders: `at run (/home/ana/x.ts:3:9)` is `run x.ts:3:9`. */
function placeOf(line: string): string | null {
  const [, called = '', file] = /^\s+at (?:(.{1,80}?) \()?(?:.*[\\/])?([^\\/()]{1,80}:\d+:\d+)\)?$/u.exec(line) ?? [];
  if (file === undefined || !/^[\w.:-]+$/u.test(file)) return null;
  const name = /^(?:async |new )?[\w.<>[\] #]+$/u.test(called) ? called : '';
  return name === '' ? file : `${name} ${file}`;
}

/** One line of it, for a host's own words. */
export const faultLine = ({ name, code, at }: Fault): string =>
  `${name}${code === null ? '' : ` ${code}`}${at[0] === undefined ? '' : ` at ${at.join(' < ')}`}`;

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: typeof error, code: null, at: [] };
  const { stack = '', message } = error;
  // A message of several lines could hold some that look like places: they begin behind it.
  const from = message === '' ? 0 : stack.indexOf(message) + message.length;
  const places = stack.slice(from).split('\n').slice(1).map(placeOf);
  const code = 'code' in error ? word(error.code) : null;
  return {
    name: word(error.name) ?? 'Error',
    code,
    at: places.filter((place) => place !== null).slice(0, PLACES),
  };
}
