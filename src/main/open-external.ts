import type { Shell } from 'electron';
import { externalUrl } from '../console-process/external-url.ts';

/**
 * The only way from a page to the system's browser or mail program: http, https and mailto, serialised anew from parsed
 * parts. True when the system took it.
 */
export async function openExternal(shell: Pick<Shell, 'openExternal'>, text: string): Promise<boolean> {
  const url = externalUrl(text);
  if (url === null) return false;
  return shell.openExternal(url).then(
    () => true,
    () => false,
  );
}
