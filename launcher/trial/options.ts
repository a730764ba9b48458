import { parseArgs } from 'node:util';

export type StartOptions = {
  command: 'start';
  portable: boolean;
  open: boolean;
  json: boolean;
  /** Absolute, or null for the default folder. */
  data: string | null;
  /** The console's port; 0 is any free one, null was not asked for. */
  port: number | null;
  /** A console against this store only, with no trial store of its own. */
  store: string | null;
};

export type Options = StartOptions | { command: 'link'; data: string | null; json: boolean } | { command: 'help' };

export const HELP = `npm start -- [OPTIONS]           the console, and a ticket store to try it with
npm start -- link [--data DIR]   print another launch link of the console that runs

  --portable     the console in a browser, even where the desktop one can run
  --no-open      open no window; print the address (implies --portable)
  --json         one line of JSON on stdout: {"console":{"url"},"store":{"url"},"accounts":[...]}
  --data DIR     where tickets and pending work are kept
  --port N       the port of the portable console (implies --portable; 0: any free one)
  --store URL    a console only, against this store
  --help         this text
`;

function portFrom(text: string | undefined): number | null | { refusal: string } {
  if (text === undefined) return null;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  return { refusal: `--port takes a number from 0 to 65535, not "${text}".` };
}

function storeFrom(text: string | undefined): string | null | { refusal: string } {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  return { refusal: `--store takes the address of a ticket store (http:// or https://), not "${text}".` };
}

const FLAGS = {
  portable: { type: 'boolean', default: false },
  'no-open': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  data: { type: 'string' },
  port: { type: 'string' },
  store: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    return { refusal: `${error instanceof Error ? error.message : String(error)}. See npm start -- --help.` };
  }
}

/** @returns what was asked for, or the sentence that says what is wrong with it. */
export function readOptions(argv: string[]): Options | { refusal: string } {
  const parsed = parse(argv);
  if ('refusal' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return { command: 'help' };
  const [command, ...extra] = positionals;
  if (extra.length > 0 || (command !== undefined && command !== 'link')) {
    return { refusal: `"${positionals.join(' ')}" is not something to start. See npm start -- --help.` };
  }
  const data = values.data ?? null;
  if (command === 'link') return { command, data, json: values.json };
  const port = portFrom(values.port);
  if (typeof port === 'object' && port !== null) return port;
  const store = storeFrom(values.store);
  if (typeof store === 'object' && store !== null) return store;
  return {
    command: 'start',
    portable: values.portable || values['no-open'] || port !== null,
    open: !values['no-open'],
    json: values.json,
    data,
    port,
    store,
  };
}
