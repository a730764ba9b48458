import { statfs } from 'node:fs/promises';
import pg from 'pg';
import { apart, bad, type Check, type Examined, type Finding, good } from './finding.ts';
import { type RunningServer, runsHere, WHERE_IT_RUNS } from './runs-here.ts';

const GB = 1e9;
const LOW_BYTES = 5 * GB;
const LOW_SHARE = 0.1;
const OUT_BYTES = GB;
const OUT_SHARE = 0.02;
const INSUFFICIENT_PRIVILEGE = '42501';

const gb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;

/** Free space where the database lies, if that is on this machine, and in the folder that the operator names. */
export const checkDisk: Check = async (examined) => {
  const { rows } = await examined.client.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float as bytes',
  );
  const size = rows[0]?.bytes ?? 0;
  const data = await dataFolder(examined);
  const found: Finding[] = [];
  if (data === null)
    found.push(
      bad(
        'note',
        'disk',
        `the database takes ${gb(size)}; its disk cannot be seen from here`,
        'Run the doctor on the machine of the database, or watch its disk there.',
        { databaseBytes: size },
      ),
    );
  else found.push(...(await judge('the disk of the database', data, { databaseBytes: size })));
  if (examined.folder !== null) found.push(...(await judge('the disk of --data', examined.folder, {})));
  return found;
};

async function judge(name: string, path: string, more: Finding['facts']): Promise<Finding[]> {
  const disk = await statfs(path).catch(() => null);
  if (disk === null)
    return [
      bad('warning', 'disk', `${name} cannot be read: ${path}`, 'Is the folder there, and may this account read it?'),
    ];
  const free = disk.bavail * disk.bsize;
  const share = disk.bavail / disk.blocks;
  const facts = { path, freeBytes: free, freeShare: Number(share.toFixed(3)), ...more };
  const what = `${gb(free)} free (${Math.round(share * 100)} %) on ${name}`;
  if (free < OUT_BYTES || share < OUT_SHARE)
    return [
      bad(
        'fault',
        'disk',
        what,
        'Free some space now: a full disk stops every write. Consoles keep their work.',
        facts,
      ),
    ];
  if (free < LOW_BYTES || share < LOW_SHARE)
    return [bad('warning', 'disk', what, 'Make room before it is full: a full disk stops every write.', facts)];
  return [good('disk', what, facts)];
}

/** Null: the account may not know, or the folder is on another machine or that of another server. */
async function dataFolder(examined: Examined): Promise<string | null> {
  const ask = () => examined.client.query<RunningServer>(WHERE_IT_RUNS);
  try {
    const { rows } = await apart(examined, ask);
    return rows[0] !== undefined && (await runsHere(rows[0])) ? rows[0].folder : null;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    return null;
  }
}
