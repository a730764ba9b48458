import { lstatSync, readdirSync } from 'node:fs';

/**
 * Whether a folder that somebody named can be given to a run, which fills it and takes it away when nothing broke: only one that does not
 * exist yet, or has nothing in it.
 *
 * @returns null when it can, else why not, in words
 */
export function refusedFolder(folder: string): string | null {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isDirectory()) return `${folder} is there already, and is no folder`;
  return readdirSync(folder).length === 0
    ? null
    : `${folder} is not empty: a run takes its folder away when nothing broke. Name a new one`;
}
