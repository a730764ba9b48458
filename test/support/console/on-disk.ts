import { join } from 'node:path';
import type { ProfileFiles } from '../../../src/core/ports/profiles.ts';
import { createProfiles, profileId, profilePaths } from '../../../src/platform-node/profiles.ts';
import type { ConsoleRig, Scene } from './console-rig.ts';

/** The same core on the product's own files of a data folder; `files` are those of Ana, open. */
export function bootOnDisk(dataDir: string, scene: Scene, link?: ConsoleRig['link']) {
  const log = { write: () => {} };
  const profiles = createProfiles({ dataDir, storeUrl: 'memory:', clock: { now: scene.time.now }, log });
  const rig = scene.boot(undefined, link, profiles);
  const files = (): ProfileFiles => {
    const opened = profiles.open('ana');
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  return { rig, files };
}

/** Where the content of a file of Ana's lies. */
export const contentPath = (dataDir: string, sha256: string): string =>
  join(profilePaths(dataDir, profileId('memory:', 'ana')).blobs, 'content', sha256.slice(0, 2), sha256);
