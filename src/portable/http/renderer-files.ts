import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pageContentTypes } from '../../protocol/console/page-policy.ts';

interface RendererFile {
  readonly contentType: string;
  readonly content: Buffer;
}

export interface RendererFiles {
  /** The file of a request's path and query; null when the build holds none of that name. */
  find(url: string): RendererFile | null;
}

/**
 * Reads the renderer's build (about a megabyte) once: a request picks a name from it or gets nothing, so no path of a request
 * ever reaches the file system, and a console that runs keeps its own page when the checkout is built anew. Links are left out.
 */
export async function readRendererFiles(root: string): Promise<RendererFiles> {
  const fileByName = new Map<string, RendererFile>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const contentType = pageContentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    fileByName.set(name, { contentType, content: await readFile(path) });
  }
  return {
    find(url) {
      const name = url.split(/[?#]/, 1)[0] ?? '';
      return fileByName.get(name === '/' ? '/index.html' : name) ?? null;
    },
  };
}
