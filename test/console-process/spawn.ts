import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsoleProcess, spawnConsole } from '../../src/console-process/spawn-console.ts';
import type { LaunchPlan } from '../../src/domain/remote-launch.ts';
import { createFileKeySecrets } from '../../src/platform-node/file-key-secrets.ts';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../src/protocol/console/methods.ts';

const entry = (name: string) => new URL(`../../src/console-process/${name}.ts`, import.meta.url);
export const freshDataDir = (): string => mkdtempSync(join(tmpdir(), 'chasqui-console-'));

export interface Spawned {
  readonly console: ConsoleProcess;
  readonly launched: LaunchPlan[];
  readonly fatal: unknown[];
  /** A call that must succeed. */
  call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<ConsoleResult<M>>;
  /** Asks until the answer fits, for at most ten seconds. */
  until<M extends ConsoleMethod>(
    method: M,
    params: ConsoleParams<M>,
    fits: (result: ConsoleResult<M>) => boolean,
  ): Promise<ConsoleResult<M>>;
}

/** The real console process on a data folder, with a launcher that only records. */
export async function spawnTestConsole(storeUrl: string, dataDir: string): Promise<Spawned> {
  const launched: LaunchPlan[] = [];
  const fatal: unknown[] = [];
  const console = await spawnConsole({
    dataDir,
    storeUrl,
    engineEntry: entry('engine-entry'),
    readerEntry: entry('reader-entry'),
    pagesEntry: entry('pages-entry'),
    secrets: createFileKeySecrets(join(dataDir, 'secrets.key')),
    launcher: {
      async launch(plan) {
        launched.push(plan);
        return { launched: true };
      },
    },
    onFatal: (error) => fatal.push(error),
  });
  async function call<M extends ConsoleMethod>(method: M, params: ConsoleParams<M>): Promise<ConsoleResult<M>> {
    const answer = await console.call(method, params);
    if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    // `call` has checked it by the schema of this method.
    return answer.value as ConsoleResult<M>;
  }
  return {
    console,
    launched,
    fatal,
    call,
    async until(method, params, fits) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const result = await call(method, params);
        if (fits(result)) return result;
        if (Date.now() > deadline) throw new Error(`${method} never fitted: ${JSON.stringify(result).slice(0, 2_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
}
