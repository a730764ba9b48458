import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultDataDir } from './data-dir.ts';
import { chooseElectron } from './electron.ts';
import { HELP, readOptions, type StartOptions } from './options.ts';
import { checkoutPrograms, type Programs } from './programs.ts';
import { Sentence } from './sentence.ts';
import { start } from './start.ts';

/** A second Ctrl-C this long after the first is impatience; sooner it is the same one, come twice. */
const IMPATIENCE_MS = 1_000;

const root = realpathSync(join(import.meta.dirname, '..', '..'));

function dataDir(asked: string | null): string {
  // npm changes to the checkout's folder; people mean the one they stand in.
  if (asked !== null) return resolve(process.env.INIT_CWD ?? process.cwd(), asked);
  return defaultDataDir({ platform: process.platform, home: homedir(), env: process.env });
}

function toldToEnd(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const end = () => {
    const now = performance.now();
    if (first === 0) first = now;
    else if (now - first > IMPATIENCE_MS) process.exit(130);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, end);
  return controller.signal;
}

async function startConsole(options: StartOptions, programs: Programs): Promise<number> {
  const signal = toldToEnd();
  const say = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  try {
    return await start(options, {
      dir: dataDir(options.data),
      programs,
      chooseElectron: () =>
        chooseElectron({
          root,
          platform: process.platform,
          env: process.env,
          isRoot: process.getuid?.() === 0,
          now: Date.now(),
          say,
          signal,
        }),
      say,
      print: (line) => process.stdout.write(`${line}\n`),
      signal,
    });
  } catch (error) {
    // Whatever breaks because we were told to end is the end, and no failure.
    if (signal.aborted) return 0;
    throw error;
  }
}

function printLink(data: string | null, json: boolean, programs: Programs): Promise<number> {
  const { file, args } = programs.link({ dir: dataDir(data), json });
  return new Promise((done, fail) => {
    const env = { ...process.env, CHASQUI_PARENT: String(process.pid) };
    const child = spawn(file, args, { stdio: 'inherit', env });
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
}

/** @returns the exit code of `npm start` with these arguments. */
export async function main(argv: string[], programs: Programs): Promise<number> {
  const options = readOptions(argv);
  try {
    if ('refusal' in options) throw new Sentence(options.refusal);
    if (options.command === 'help') {
      process.stdout.write(HELP);
      return 0;
    }
    if (options.command === 'link') return await printLink(options.data, options.json, programs);
    return await startConsole(options, programs);
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

if (import.meta.main) process.exit(await main(process.argv.slice(2), checkoutPrograms(root)));
