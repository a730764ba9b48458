import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where there is no Chromium to show the screens in. */
    drawn: { readonly folder: string; readonly chromium: string } | null;
  }
}

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The screens over the drawn console, built once for all files that look at them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(executable)) {
    project.provide('drawn', null);
    return async () => undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-drawn-'));
  await build({
    configFile: join(import.meta.dirname, '..', 'renderer', 'dev', 'vite.config.ts'),
    logLevel: 'silent',
    build: { outDir: folder },
  });
  project.provide('drawn', { folder, chromium: executable });
  return () => rm(folder, { recursive: true, force: true });
}
