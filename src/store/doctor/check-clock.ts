import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bad, type Check, type Finding, good } from './finding.ts';

const run = promisify(execFile);
const OFF_MS = 2_000;
const FAR_OFF_MS = 60_000;

/** Whether this machine, the database and the network's time agree: receipts and the ends of sessions go by the store's clock. */
export const checkClock: Check = async ({ client, now }) => {
  const asked = now();
  const { rows } = await client.query<{ ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float as ms',
  );
  const answered = now();
  const offset = Math.round((rows[0]?.ms ?? Number.NaN) - (asked + answered) / 2);
  const synchronised = await networkTime();
  const facts = { offsetMs: offset, synchronised };
  const found: Finding[] = [];
  if (Math.abs(offset) > OFF_MS)
    found.push(
      bad(
        Math.abs(offset) > FAR_OFF_MS ? 'fault' : 'warning',
        'clock',
        `the clock of the database is ${Math.abs(offset)} ms ${offset > 0 ? 'ahead of' : 'behind'} this machine’s`,
        'Have both machines keep time by NTP: receipts of tickets and ends of sessions go by the clock of the store.',
        facts,
      ),
    );
  if (synchronised === false)
    found.push(
      bad(
        'warning',
        'clock',
        'the clock of this machine is not kept by the network (NTP)',
        'Turn it on: `timedatectl set-ntp true`, or chrony.',
        facts,
      ),
    );
  if (found.length > 0) return found;
  const kept = synchronised === null ? '; whether NTP keeps it is not known here' : ', and NTP keeps it';
  return [good('clock', `this machine and the database agree within ${Math.abs(offset)} ms${kept}`, facts)];
};

/** Null where nobody can say. */
async function networkTime(): Promise<boolean | null> {
  if (process.platform !== 'linux') return null;
  const said = await run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeout: 2_000 }).catch(
    () => null,
  );
  const word = said?.stdout.trim();
  return word === 'yes' ? true : word === 'no' ? false : null;
}
