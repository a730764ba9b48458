import { blobHealth, missingFiles } from '../blobs/blob-report.ts';
import { type BlobPlace, openBlobStore } from '../blobs/open-blobs.ts';
import { deskFiles } from '../db/blob-collection.ts';
import type { Database } from '../db/pool.ts';
import { bad, type Finding, good } from './finding.ts';

const NAME = 'files';

/** The place of the files of attachments: whether it works, has room, and has what the database knows of. Writes and deletes one small object. */
export async function checkFiles(db: Pick<Database, 'pool'>, place: BlobPlace | null): Promise<readonly Finding[]> {
  if (place === null) {
    const files = (await deskFiles(db)).reduce((sum, desk) => sum + desk.files, 0);
    if (files === 0) return [bad('note', NAME, 'files of attachments were not looked at: no place was given', null)];
    return [
      bad(
        'warning',
        NAME,
        `${files} files of attachments were not looked at: no place was given`,
        'Give --blobs or --blobs-s3, as to serve.',
        { files },
      ),
    ];
  }
  const store = await openBlobStore(place);
  const { works, trouble, room, full, desks } = await blobHealth(db, store);
  if (!works)
    return [
      bad(
        'fault',
        NAME,
        `${store.place} does not work: ${trouble}`,
        'Is it mounted or reachable, and may this account write there?',
      ),
    ];
  const findings: Finding[] = [];
  if (full)
    findings.push(
      bad(
        'fault',
        NAME,
        `${store.place} has no room beyond the reserve: uploads are refused`,
        'Make room, or run `attachments --collect`.',
        { room },
      ),
    );
  for (const { deskId, name } of desks) {
    const missing = await missingFiles(db, store, deskId);
    if (missing.length > 0)
      findings.push(
        bad(
          'fault',
          NAME,
          `${name}: ${missing.length} files that the database knows are not at their place, or not whole`,
          'Put them back from the backup of the place; `verify --blobs` names them. Consoles that have them send them again.',
          { missing: missing.length },
        ),
      );
  }
  if (findings.length > 0) return findings;
  const files = desks.reduce((sum, desk) => sum + desk.files, 0);
  const bytes = desks.reduce((sum, desk) => sum + desk.bytes, 0);
  return [
    good(NAME, `${store.place} works, and has all ${files} files that the database knows`, { files, bytes, room }),
  ];
}
