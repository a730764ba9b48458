import { faultLine, faultOf } from '../../shared/fault.ts';
import { isUnavailable } from '../db/conflicts.ts';
import type { Database } from '../db/pool.ts';
import { inSnapshot } from '../db/transaction.ts';
import { checkClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkDesks, checkServing } from './check-desks.ts';
import { checkDisk } from './check-disk.ts';
import { checkDurability } from './check-durability.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkSchema } from './check-schema.ts';
import { bad, type Check, type Examined, type Finding } from './finding.ts';

/** In the order in which they are told. Those of the second list ask tables that only a migrated database has. */
const ofServer: readonly (readonly [string, Check])[] = [
  ['database', checkDatabase],
  ['durability', checkDurability],
  ['clock', checkClock],
  ['disk', checkDisk],
  ['schema', checkSchema],
];
const ofTables: readonly (readonly [string, Check])[] = [
  ['serving', checkServing],
  ['indexes', checkIndexes],
  ['desk', checkDesks],
];

/** Looks at everything and changes nothing: each check in one transaction that only reads. Rejects when the database is not there. */
export async function runDoctor(
  db: Pick<Database, 'pool'>,
  options: Omit<Examined, 'client'>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const examine = async (checks: typeof ofServer) => {
    for (const [name, check] of checks) findings.push(...(await examineOne(db, name, check, options)));
  };
  await examine(ofServer);
  if (findings.some(({ check, level }) => check === 'schema' && (level === 'fault' || level === 'warning')))
    findings.push(
      bad('note', 'desk', 'indexes, desks and audit trail were not looked at: the schema is not this program’s', null),
    );
  else await examine(ofTables);
  return findings;
}

/** A check that cannot be made is a finding of its own, unless the whole database is gone. */
async function examineOne(
  db: Pick<Database, 'pool'>,
  name: string,
  check: Check,
  options: Omit<Examined, 'client'>,
): Promise<readonly Finding[]> {
  try {
    return await inSnapshot(db, (client) => check({ ...options, client }));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    await db.pool.query('select 1');
    const why = faultLine(faultOf(error));
    return [bad('warning', name, `it could not be looked at (${why})`, 'May the account of --database-url read it?')];
  }
}
