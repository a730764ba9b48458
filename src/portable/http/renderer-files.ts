import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pageContentTypes } from '../../protocol/console/page-policy.ts';

export interface RendererFiles {
  /** The file of a request's path and query; null when the build holds none of that name. */
  read(url: string): Promise<{ contentType: string; content: Buffer } | null>;
}

/**
 * Serves the renderer's build by a list made once: a request picks a name from it or gets nothing, so no path of a request
 * ever reaches the file system. Links that lead out of the folder are not in the list.
 */
export async function listRendererFiles(root: string): Promise<RendererFiles> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const pathByName = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile() || pageContentTypes[extname(entry.name)] === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    pathByName.set(path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/'), path);
  }
  return {
    async read(url) {
      const name = url.split(/[?#]/, 1)[0] ?? '';
      const path = pathByName.get(name === '/' ? '/index.html' : name);
      if (path === undefined) return null;
      const contentType = pageContentTypes[extname(path)] ?? 'application/octet-stream';
      return { contentType, content: await readFile(path) };
    },
  };
}
