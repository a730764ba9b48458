import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchemeHandler, PAGE_ORIGIN, schemePrivileges } from '../../src/main/scheme.ts';

let root: string;
let serve: (request: Request) => Response;
/** A request whose address no URL parser has tidied up. */
const raw = (url: string, method = 'GET') => {
  const request = new Request('https://placeholder/', { method });
  return serve(Object.defineProperty(request, 'url', { value: url }));
};

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'chasqui-scheme-'));
  root = join(parent, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await mkdir(join(parent, 'renderer-private'));
  await writeFile(join(root, 'index.html'), '<title>Chasqui</title>');
  await writeFile(join(root, 'assets', 'app.js'), 'export {}');
  await writeFile(join(root, 'assets', 'tool.exe'), 'MZ');
  await writeFile(join(parent, 'secret.html'), 'secret');
  await writeFile(join(parent, 'renderer-private', 'secret.html'), 'secret');
  await symlink(join(parent, 'secret.html'), join(root, 'link.html'));
  await symlink(parent, join(root, 'up'));
  serve = await createSchemeHandler(root);
});
afterAll(() => rm(join(root, '..'), { recursive: true }));

describe('the page scheme', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['', 'text/html; charset=utf-8'],
    ['/index.html?x=1#y', 'text/html; charset=utf-8'],
    ['/assets/app.js', 'text/javascript; charset=utf-8'],
  ])('serves %j of the build', async (path, type) => {
    const answer = await raw(PAGE_ORIGIN + path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  });

  test.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/%2e%2e%2fsecret.html',
    '/..%2fsecret.html',
    '/..%5csecret.html',
    '/..\\secret.html',
    '/assets/../../secret.html',
    '/assets/%2e%2e/index.html',
    '/../renderer-private/secret.html',
    '-private/secret.html',
    '/index.html%00.js',
    '/index.html\0',
    '/link.html',
    '/up/secret.html',
    '/assets/tool.exe',
    '/assets',
    '/assets/',
    '//index.html',
    '/./index.html',
    '/INDEX.HTML',
    '/etc/passwd',
    '/C:/Windows/win.ini',
    '@evil.com/index.html',
    ':80/index.html',
  ])('does not serve %j', async (path) => {
    const answer = await raw(PAGE_ORIGIN + path);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });

  test.each([
    'chasqui-app://evil/index.html',
    'chasqui-app://console.evil/index.html',
    'chasqui-app:///index.html',
    'chasqui-app:index.html',
    'https://console/index.html',
    'file:///index.html',
  ])('serves nothing to %j', async (url) => {
    expect((await raw(url)).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('answers no %s', async (method) => {
    expect((await raw(`${PAGE_ORIGIN}/`, method)).status).toBe(405);
  });

  test('every answer carries the page policy: no inline, no eval, nothing from elsewhere', async () => {
    for (const answer of [
      await raw(`${PAGE_ORIGIN}/`),
      await raw(`${PAGE_ORIGIN}/no`),
      await raw(`${PAGE_ORIGIN}/`, 'POST'),
    ]) {
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      // Pictures that the page made itself, and nothing else by such an address.
      expect(policy.replace("img-src 'self' data: blob:;", '')).not.toContain('blob:');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('the scheme is standard and secure, and bypasses nothing', () => {
    expect(schemePrivileges.privileges).toEqual({
      standard: true,
      secure: true,
      supportFetchAPI: true,
      codeCache: true,
    });
  });
});
