import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../shared/result.ts';

export type PortableOptions =
  | {
      readonly command: 'run';
      readonly storeUrl: string;
      readonly dataDir: string;
      readonly port: number;
      readonly open: boolean;
      readonly json: boolean;
      readonly browser: string | null;
      readonly launcher: string | null;
    }
  | { readonly command: 'link'; readonly dataDir: string; readonly json: boolean }
  | { readonly command: 'help' };

export type RunOptions = Extract<PortableOptions, { command: 'run' }>;
export type LinkOptions = Extract<PortableOptions, { command: 'link' }>;

export const portableHelp = `Chasqui, portable console: the console in a browser window of this PC, with nothing installed.

  main.ts --store URL --data DIR [--port N] [--no-open] [--json]
  main.ts link --data DIR [--json]      print another one-time address of the console that runs on DIR

  --store URL      ticket store to work with
  --data DIR       folder of this PC's outbox, cache and settings
  --port N         port of the console on 127.0.0.1 (0, the default: any free one)
  --no-open        open no window
  --json           print the address as one JSON line
  --browser PATH   Chromium, Chrome or Edge to open the window with
  --launcher PATH  program that opens remote-session links and files (default: the desktop's own)
`;

/** Reads the command line. The error is one sentence that names the setting. */
export function parsePortableOptions(argv: readonly string[]): Result<PortableOptions, string> {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(argv);
  } catch (error) {
    return err(error instanceof Error ? error.message : 'the command line cannot be read');
  }
  const { values, positionals } = parsed;
  if (values.help) return ok({ command: 'help' });
  if (values.data === undefined || values.data === '') return err('--data is missing: the folder of this console');
  const dataDir = resolve(values.data);
  if (positionals[0] === 'link' && positionals.length === 1) return ok({ command: 'link', dataDir, json: values.json });
  if (positionals.length > 0) return err(`unknown command: ${positionals[0]}`);
  const storeUrl = storeAddress(values.store);
  if (storeUrl === null) return err('--store must be the http or https address of a ticket store');
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1;
  if (port < 0 || port > 65535) return err('--port must be a number from 0 to 65535');
  return ok({
    command: 'run',
    storeUrl,
    dataDir,
    port,
    open: !values['no-open'],
    json: values.json,
    browser: values.browser === undefined ? null : resolve(values.browser),
    launcher: values.launcher === undefined ? null : resolve(values.launcher),
  });
}

const read = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      store: { type: 'string' },
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      'no-open': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      browser: { type: 'string' },
      launcher: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });

function storeAddress(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href.replace(/\/$/, '') : null;
}
