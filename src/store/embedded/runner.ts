import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.ts';

const run = promisify(execFile);

/** How a program of PostgreSQL is started on this machine: never as root, and ending with its parent where that can be had. */
export interface PostgresRunner {
  readonly kind: 'plain' | 'parentBound' | 'userNamespace' | 'otherUser';
  readonly binaries: PostgresBinaries;
  command(program: string, args: readonly string[]): { file: string; args: string[]; uid?: number; gid?: number };
  /** Gives a folder to the user that PostgreSQL will run as. */
  adopt(folder: string): Promise<void>;
}

const succeeds = (file: string, args: string[]): Promise<boolean> =>
  run(file, args, { timeout: 5_000 }).then(
    () => true,
    () => false,
  );

const NOBODY = 65_534;
const namespace = ['--user', '--map-user=1000', '--map-group=1000'];
const bound = ['--pdeathsig', 'INT'];
const stays = async () => {};

/** True when every folder above lets other users through; a home of root's usually does not. */
async function reachableByOthers(folder: string): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const mode = (await stat(at)).mode;
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function asNobody(binaries: PostgresBinaries, hasSetpriv: boolean): Promise<PostgresRunner> {
  let root = binaries.root;
  if (!(await reachableByOthers(root))) {
    root = join(tmpdir(), `chasqui-postgres-${process.pid}`);
    await mkdir(root, { mode: 0o755 });
    await cp(binaries.root, root, { recursive: true, verbatimSymlinks: true });
    await chmod(root, 0o755);
  }
  const at = (program: string) => program.replace(binaries.root, root);
  return {
    kind: 'otherUser',
    binaries: { root, initdb: at(binaries.initdb), postgres: at(binaries.postgres) },
    command: (program, args) =>
      hasSetpriv
        ? {
            file: 'setpriv',
            args: [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...bound, program, ...args],
          }
        : { file: program, args: [...args], uid: NOBODY, gid: NOBODY },
    adopt: async (folder) => {
      if (!(await reachableByOthers(dirname(folder)))) {
        throw new Error(
          `PostgreSQL does not run as root, and another user cannot enter ${dirname(folder)}: choose a data folder that others may enter, or start as a user other than root`,
        );
      }
      await chown(folder, NOBODY, NOBODY);
    },
  };
}

/**
 * As root PostgreSQL runs in a user namespace (so that it reaches a 0700 folder and no user is created); where those are
 * refused, as `nobody`. `setpriv --pdeathsig` ends it when the process that started it is killed.
 */
export async function chooseRunner(binaries: PostgresBinaries): Promise<PostgresRunner> {
  if (process.platform !== 'linux') {
    return { kind: 'plain', binaries, command: (program, args) => ({ file: program, args: [...args] }), adopt: stays };
  }
  const hasSetpriv = await succeeds('setpriv', [...bound, 'true']);
  if (process.getuid?.() !== 0) {
    return {
      kind: hasSetpriv ? 'parentBound' : 'plain',
      binaries,
      command: (program, args) =>
        hasSetpriv ? { file: 'setpriv', args: [...bound, program, ...args] } : { file: program, args: [...args] },
      adopt: stays,
    };
  }
  if (hasSetpriv && (await succeeds('unshare', [...namespace, 'setpriv', ...bound, 'true']))) {
    return {
      kind: 'userNamespace',
      binaries,
      command: (program, args) => ({ file: 'unshare', args: [...namespace, 'setpriv', ...bound, program, ...args] }),
      adopt: stays,
    };
  }
  return asNobody(binaries, hasSetpriv);
}
