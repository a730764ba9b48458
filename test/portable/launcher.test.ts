import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launchCommand } from '../../src/portable/launch-command.ts';
import { createLauncher } from '../../src/portable/launcher.ts';

describe('R12: what starts a remote session', () => {
  const url = { kind: 'url', url: 'rustdesk://123456789' } as const;
  const file = { kind: 'file', path: '/d/session-1.rdp' } as const;
  const facts = (platform: string, command: string | null = null) => ({ platform, systemRoot: 'C:\\WINDOWS', command });

  test.each([
    ['win32', url, 'C:\\WINDOWS\\explorer.exe', [url.url]],
    ['win32', { ...file, path: 'C:\\d\\session-1.RDP' }, 'C:\\WINDOWS\\System32\\mstsc.exe', ['C:\\d\\session-1.RDP']],
    ['darwin', url, '/usr/bin/open', [url.url]],
    ['darwin', file, '/usr/bin/open', [file.path]],
    ['linux', url, 'xdg-open', [url.url]],
    ['linux', file, 'xdg-open', [file.path]],
  ] as const)('%s %j', (platform, subject, program, args) => {
    expect(launchCommand(subject, facts(platform))).toMatchObject({ file: program, args });
    expect(launchCommand(subject, facts(platform, '/opt/opener'))).toMatchObject({ file: '/opt/opener', args });
  });

  test('no shell, cmd, rundll32 or powershell takes part anywhere', () => {
    for (const platform of ['win32', 'darwin', 'linux']) {
      for (const subject of [url, file]) {
        expect(launchCommand(subject, facts(platform)).file).not.toMatch(/cmd|rundll|powershell|wscript|\/sh$/i);
      }
    }
  });
});

describe('the launcher', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'chasqui-launcher-'));
  });
  afterEach(() => rm(dir, { recursive: true }));
  async function opener(script: string): Promise<string> {
    const path = join(dir, 'opener.sh');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o700);
    return path;
  }

  test('gives a link to the opener as one argument that no shell reads', async () => {
    const command = await opener(`printf '%s|' "$#" "$@" > "${dir}/seen"`);
    const url = 'rustdesk://connect/123@host?key=a$(touch%20x);&b=`c`';
    expect(await createLauncher({ dir, command }).launch({ kind: 'url', url, target: 'x' })).toEqual({
      launched: true,
    });
    expect(await readFile(join(dir, 'seen'), 'utf8')).toBe(`1|${url}|`);
  });

  test('writes an RDP file that only its owner reads, and opens that', async () => {
    const command = await opener(`cp "$1" "${dir}/seen"`);
    const content = 'full address:s:pc-1:3389\r\n';
    const launcher = createLauncher({ dir, command });
    expect(await launcher.launch({ kind: 'file', extension: 'rdp', content, target: 'pc-1' })).toEqual({
      launched: true,
    });
    expect(await readFile(join(dir, 'seen'), 'utf8')).toBe(content);
    const [name = ''] = await readdir(join(dir, 'sessions'));
    expect(name).toMatch(/^session-[0-9a-f]{12}\.rdp$/);
    expect((await stat(join(dir, 'sessions', name))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'sessions'))).mode & 0o777).toBe(0o700);
  });

  test('says when nothing opened: no such program, or one that gives up', async () => {
    const plan = { kind: 'url', url: 'anydesk:123456789', target: 'x' } as const;
    expect(await createLauncher({ dir, command: join(dir, 'nothing') }).launch(plan)).toEqual({ launched: false });
    expect(await createLauncher({ dir, command: await opener('exit 3') }).launch(plan)).toEqual({ launched: false });
  });

  test('a client that goes on running has started', async () => {
    const command = await opener('exec sleep 4');
    expect(await createLauncher({ dir, command }).openExternal('https://www.gob.pe/')).toBe(true);
  });
});
