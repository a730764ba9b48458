import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pageContentTypes, pageHeaders } from '../protocol/console/page-policy.ts';

export const PAGE_SCHEME = 'chasqui-app';
export const PAGE_HOST = 'console';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://${PAGE_HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/`;

/** What the scheme may do. No `bypassCSP`, no service workers, no fetch of it from elsewhere. */
export const schemePrivileges = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

/**
 * Serves the renderer's build by a list made once: a request names one of its files or gets 404, so no path of a request
 * ever reaches the file system. Links are not in the list. Every answer, refusals too, carries the page policy.
 */
export async function createSchemeHandler(root: string): Promise<(request: Request) => Promise<Response>> {
  const pathByName = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || pageContentTypes[extname(entry.name)] === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    pathByName.set(path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/'), path);
  }
  const headers = pageHeaders([]);
  const refuse = (status: number) => new Response(null, { status, headers });

  return async (request) => {
    if (request.method !== 'GET') return refuse(405);
    const name = requestedName(request.url);
    const path = name === null ? undefined : pathByName.get(name);
    if (path === undefined) return refuse(404);
    const content = await readFile(path);
    const contentType = pageContentTypes[extname(path)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(content), { headers: { ...headers, 'content-type': contentType } });
  };
}

/** The path of one of our addresses, undecoded: a name that needs decoding is not in the build. Null for another origin. */
function requestedName(url: string): string | null {
  const match = /^chasqui-app:\/\/console(\/[^?#]*)?(?:[?#].*)?$/s.exec(url);
  if (match === null) return null;
  const path = match[1] ?? '/';
  return path === '/' ? '/index.html' : path;
}
