import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ProfileFiles } from '../../../src/core/ports/profiles.ts';
import { createProfiles, profileId, profilePaths } from '../../../src/platform-node/profiles.ts';
import { goOffline, register } from './acts.ts';
import { attach, stage } from './attach.ts';
import { type ConsoleRig, createScene, type Scene, signedIn } from './console-rig.ts';

/** A data folder that goes with the test. */
export function dataFolder(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'chasqui-data-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

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

/** Bytes of files come and go by the system's own time, all else by the scene's. */
export async function untilOnDisk(scene: Scene, is: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 400 && !(await is()); n += 1) {
    await scene.time.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(await is()).toBe(true);
}

/** A photo of a written act that is not sent yet, on a console that is away. */
export async function attachedAway(bytes: Uint8Array) {
  const dataDir = dataFolder();
  const scene = createScene();
  const { rig, files } = bootOnDisk(dataDir, scene);
  await signedIn(scene, 'ana', rig);
  const ticketId = await register(rig);
  await scene.time.advance(1_000);
  await goOffline(scene, rig);
  const file = await stage(rig, ticketId, bytes);
  await attach(rig, ticketId, file);
  return { dataDir, scene, rig, files, ticketId, file };
}
