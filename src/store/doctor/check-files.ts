import { stat } from 'node:fs/promises';
import { faultLine, faultOf } from '../../shared/fault.ts';
import { blobHealth, missingFiles } from '../blobs/blob-report.ts';
import { BlobsUnavailable } from '../blobs/blob-store.ts';
import { type BlobPlace, openBlobStore } from '../blobs/open-blobs.ts';
import { type PlaceStanding, standingOf, standingWords } from '../blobs/place-mark.ts';
import { deskFiles } from '../db/blob-collection.ts';
import type { Database } from '../db/pool.ts';
import { bad, type Finding, good } from './finding.ts';

const NAME = 'files';

/** What to do about a place that is not the database's. */
const advice: Record<Exclude<PlaceStanding['kind'], 'ours' | 'new'>, string> = {
  missing:
    'Mount it, or give the right place: files go on by themselves. If this is its new place, its files put back or lost: `attachments --claim`.',
  strange: 'Give this database a folder or prefix of its own. If all that is there is its own: `attachments --claim`.',
  foreign:
    'Give this database a folder or prefix of its own. If no other database uses this place any more: `attachments --claim` with that mark.',
};

/** Null: the place is the database's, or may become so. */
async function notOurs(db: Pick<Database, 'pool'>, place: BlobPlace): Promise<Finding | null> {
  const store = openBlobStore(place);
  const noAnswer = (error: unknown) =>
    bad(
      'fault',
      NAME,
      `${store.place} does not work: ${error instanceof Error ? error.message : String(error)}`,
      'Is it mounted or reachable, and may this account read and write there?',
    );
  try {
    const standing = await standingOf(db, store);
    if (standing.kind === 'ours' || standing.kind === 'new') return null;
    const what = standingWords(store.place, standing) ?? store.place;
    return bad('fault', NAME, what, advice[standing.kind], { standing: standing.kind });
  } catch (error) {
    if (error instanceof BlobsUnavailable) return noAnswer(error);
    throw error;
  }
}

/** Null: it is there, or is no folder. */
async function absent(place: BlobPlace): Promise<Finding | null> {
  if (place.kind !== 'folder') return null;
  const found = await stat(place.folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory() === true) return null;
  return bad(
    'fault',
    NAME,
    found === null ? `there is no folder ${place.folder}` : `${place.folder} is no folder`,
    'Mount it, or give the place that `serve` has. A store makes its folder itself when it first serves from there.',
  );
}

/**
 * The place of the files of attachments: whether it is this database's, works, has room, and has what the database knows of. Makes no
 * folder; writes and deletes one small object, unless the place is another's. Trouble with the place is a finding; rejects when the database is gone.
 */
export async function checkFiles(db: Pick<Database, 'pool'>, place: BlobPlace | null): Promise<readonly Finding[]> {
  try {
    return await look(db, place);
  } catch (error) {
    await db.pool.query('select 1');
    return [
      bad(
        'fault',
        NAME,
        `the place of files could not be looked at (${faultLine(faultOf(error))})`,
        'Is it mounted or reachable, and may this account read and write there?',
      ),
    ];
  }
}

async function look(db: Pick<Database, 'pool'>, place: BlobPlace | null): Promise<readonly Finding[]> {
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
  const store = openBlobStore(place);
  const fault = (await absent(place)) ?? (await notOurs(db, place));
  if (fault !== null) return [fault];
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
