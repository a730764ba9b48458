import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureInstalled } from '../../launcher/boot/install.js';
import { fixture, run, tempDir } from './support.ts';

const PACKAGES = {
  '': { name: 'desk' },
  'node_modules/kept': { version: '1.0.0' },
  'node_modules/for-another-system': { version: '1.0.0', optional: true },
};

function checkout(): string {
  const root = tempDir();
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: PACKAGES }));
  return root;
}

const calls = (root: string) => {
  const log = join(root, 'npm-calls.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
};

beforeEach(() => {
  vi.stubEnv('npm_execpath', fixture('npm-cli.js'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

describe('installing', () => {
  test('once: the second start calls nobody', async () => {
    const root = checkout();
    await ensureInstalled(root);
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(1);
    expect(calls(root)[0]).toMatch(/^ci --ignore-scripts /);
  });

  test('again when the lockfile changed', async () => {
    const root = checkout();
    await ensureInstalled(root);
    const packages = { ...PACKAGES, 'node_modules/kept': { version: '1.0.1' } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(2);
  });

  test('again when it stopped half way: packages are there, npm’s last act is not', async () => {
    const root = checkout();
    mkdirSync(join(root, 'node_modules', 'kept'), { recursive: true });
    writeFileSync(join(root, 'node_modules', 'kept', 'package.json'), '{}');
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(1);
  });

  test('again when a package was lost since', async () => {
    const root = checkout();
    await ensureInstalled(root);
    rmSync(join(root, 'node_modules', '.chasqui'), { recursive: true });
    rmSync(join(root, 'node_modules', 'kept'), { recursive: true });
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(2);
  });

  test('takes over what a developer installed with npm, without another installation', async () => {
    const root = checkout();
    await ensureInstalled(root);
    rmSync(join(root, 'node_modules', '.chasqui'), { recursive: true });
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(1);
  });

  test('one process at a time: the other waits and finds it done', async () => {
    const root = checkout();
    const program = `import { ensureInstalled } from ${JSON.stringify(fixture('../../../launcher/boot/install.js'))};
      await ensureInstalled(${JSON.stringify(root)});`;
    const file = join(root, 'install.mjs');
    writeFileSync(file, program);
    const both = [run(file, []), run(file, [])];
    expect(await Promise.all(both.map(({ exit }) => exit))).toEqual([0, 0]);
    expect(calls(root)).toHaveLength(1);
  });
});

describe('an installation that fails', () => {
  test('without a network names the host that cannot be reached', async () => {
    vi.stubEnv('FIXTURE_NPM', 'fails');
    vi.stubEnv('HTTPS_PROXY', '');
    vi.stubEnv('https_proxy', '');
    vi.stubEnv('FIXTURE_REGISTRY', 'http://127.0.0.1:1/');
    await expect(ensureInstalled(checkout())).rejects.toMatchObject({
      sentence:
        'The installation needs the network once, and 127.0.0.1 cannot be reached. Connect this machine and start again.',
    });
  });

  test('leaves no stamp, so that the next start tries again', async () => {
    const root = checkout();
    vi.stubEnv('FIXTURE_NPM', 'fails');
    vi.stubEnv('FIXTURE_REGISTRY', 'http://127.0.0.1:1/');
    await expect(ensureInstalled(root)).rejects.toThrow();
    vi.stubEnv('FIXTURE_NPM', '');
    await ensureInstalled(root);
    expect(calls(root)).toHaveLength(2);
  });
});
