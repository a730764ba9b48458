import { bad, type Finding } from '../doctor/finding.ts';
import type { BlobFlags } from './blob-options.ts';

/** An address that leads every machine to itself. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

const NOBODY = 'consoles on other machines can send files, and open none';
const ADVICE = 'Give `serve` --blobs-url, the origin by which consoles reach that port, behind a proxy too.';

/** Says at the start of a store where consoles fetch files; louder where only this machine can, and nobody asked for that. */
export function tellFilesAddress(
  logger: Readonly<Record<'info' | 'warn', (details: object, words: string) => void>>,
  url: string,
  { blobsUrl }: Pick<BlobFlags, 'blobsUrl'>,
): void {
  if (blobsUrl === undefined && isLoopback(url))
    logger.warn(
      { url },
      `consoles fetch files by an address of this machine alone: ${NOBODY}; --blobs-url gives them another`,
    );
  else logger.info({ url }, 'consoles fetch files by this address');
}

/** The same of the options that `serve` was given; null: nothing to say. */
export function filesAddressFinding({ host, blobsPort, blobsUrl }: BlobFlags): Finding | null {
  if (blobsUrl !== undefined) return null;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${blobsPort}`;
  if (!URL.canParse(url) || !isLoopback(url)) return null;
  const what = `with --host ${host} and without --blobs-url a store tells consoles to fetch files at ${url}: ${NOBODY}`;
  return bad('warning', 'files', what, `${ADVICE} And give the doctor what \`serve\` is given.`, { url });
}
