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
 * Serves the renderer's build, read once (about a megabyte): a request names one of its files or gets 404, so no path of a
 * request ever reaches the file system. Links are left out. Every answer, refusals too, carries the page policy.
 */
export async function createSchemeHandler(root: string): Promise<(request: Request) => Response> {
  const fileByName = new Map<string, { contentType: string; content: Uint8Array<ArrayBuffer> }>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const contentType = pageContentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    fileByName.set(name, { contentType, content: new Uint8Array(await readFile(path)) });
  }
  const headers = pageHeaders([]);
  const refuse = (status: number) => new Response(null, { status, headers });

  return (request) => {
    if (request.method !== 'GET') return refuse(405);
    const name = requestedName(request.url);
    const file = name === null ? undefined : fileByName.get(name);
    if (file === undefined) return refuse(404);
    return new Response(file.content, { headers: { ...headers, 'content-type': file.contentType } });
  };
}

/** The path of one of our addresses, undecoded: a name that needs decoding is not in the build. Null for another origin. */
function requestedName(url: string): string | null {
  const match = /^chasqui-app:\/\/console(\/[^?#]*)?(?:[?#].*)?$/s.exec(url);
  if (match === null) return null;
  const path = match[1] ?? '/';
  return path === '/' ? '/index.html' : path;
}
