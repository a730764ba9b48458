import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFiles } from '../../../src/store/doctor/check-files.ts';
import { type BlobRig, fileOf, sendFile, startBlobRig } from './blob-rig.ts';

const main = fileURLToPath(new URL('../../../src/store/main.ts', import.meta.url));
async function run(...args: string[]): Promise<{ code: unknown; out: string }> {
  const keys = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...keys },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  const [code] = await once(child, 'close');
  return { code, out: Buffer.concat(out).toString() };
}
let rig: BlobRig;
beforeAll(async () => {
  rig = await startBlobRig();
});
afterAll(() => rig.close());

describe('doctor, files', () => {
  it('says what works, what is lost, what cannot be reached and what was not looked at', async () => {
    const { db } = rig.store;
    const place = { kind: 'folder' as const, folder: rig.folder };
    expect(await checkFiles(db, null)).toMatchObject([{ level: 'note' }]);
    const ana = await rig.signIn('ana');
    const file = fileOf();
    await sendFile({ token: ana.tokens.accessToken, base: rig.first.url }, file);
    expect(await checkFiles(db, null)).toMatchObject([{ level: 'warning', facts: { files: 1 } }]);
    expect(await checkFiles(db, place)).toMatchObject([{ level: 'good', facts: { files: 1, bytes: 10_000 } }]);
    const { rows } = await db.pool.query<{ name: string }>('select object_name as name from blobs');
    await rig.first.blobs.store.delete(rows[0]?.name ?? '');
    expect(await checkFiles(db, place)).toMatchObject([{ level: 'fault', facts: { missing: 1 } }]);
    const nowhere = {
      endpoint: 'http://127.0.0.1:9',
      bucket: 'files',
      prefix: '',
      region: 'x',
      accessKeyId: 'x',
      secretAccessKey: 'x',
    };
    expect(await checkFiles(db, { kind: 's3', s3: nowhere })).toMatchObject([
      { level: 'fault', what: expect.stringContaining('does not work') },
    ]);
  });

  it('12.1 makes no folder, and tells one that is not there, or is none, in words', async () => {
    const folder = join(rig.folder, 'not', 'there');
    const look = (path: string) => checkFiles(rig.store.db, { kind: 'folder', folder: path });
    expect(await look(folder)).toMatchObject([{ level: 'fault', what: `there is no folder ${folder}` }]);
    expect(existsSync(join(rig.folder, 'not'))).toBe(false);
    const file = join(rig.folder, 'a-file');
    await writeFile(file, '');
    expect(await look(file)).toMatchObject([{ level: 'fault', what: `${file} is no folder` }]);
  });

  it('12.7 trouble of any kind with the place costs no other finding', async () => {
    const { db, url } = rig.store;
    expect(await checkFiles(db, { kind: 'folder', folder: 'no\0path' })).toMatchObject([
      { level: 'fault', check: 'files', what: expect.stringContaining('could not be looked at') },
    ]);
    const { code, out } = await run('doctor', '--json', '--database-url', url, '--blobs', '/dev/null/x');
    const { findings } = JSON.parse(out) as { findings: { check: string; level: string }[] };
    expect(code).toBe(1);
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['database', 'schema', 'audit']));
    const files = findings.filter(({ check }) => check === 'files');
    expect(files.map(({ level }) => level)).toEqual(['fault', 'warning']);
    // Behind a proxy, and told so, as a store is.
    const proxied = ['--blobs', rig.folder, '--blobs-url', 'https://files.example'];
    const sound = await run('doctor', '--json', '--database-url', url, ...proxied);
    expect(sound.out).not.toContain('--blobs-url');
    const verified = await run('verify', '--json', '--database-url', url, '--blobs-s3', 'http://127.0.0.1:9/files');
    expect([verified.code, JSON.parse(verified.out)]).toMatchObject([
      1,
      { commands: expect.any(Number), faults: [expect.stringContaining('does not answer')] },
    ]);
  });
});
