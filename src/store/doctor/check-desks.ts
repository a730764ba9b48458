import { verifyDeskIn, verifyRecentIn } from '../admin/verify.ts';
import { clusterOf } from '../epoch/check-cluster.ts';
import { SERVE_LOCK } from '../epoch/serve-lock.ts';
import { apart, bad, type Check, type Finding, good } from './finding.ts';

/** Places of each log that `--quick` counts again. */
export const QUICK_PLACES = 10_000;

/** Who serves the database now. */
export const checkServing: Check = async ({ client }) => {
  const { rows } = await client.query<{ mode: string; n: number }>(
    `select mode, count(*) as n from pg_locks
     where locktype = 'advisory' and objid = $1 and objsubid = 1 and classid = 0 and granted
       and database = (select oid from pg_database where datname = current_database()) group by mode`,
    [SERVE_LOCK],
  );
  const processes = rows.find(({ mode }) => mode === 'ShareLock')?.n ?? 0;
  if (rows.some(({ mode }) => mode === 'ExclusiveLock'))
    return [bad('note', 'serving', 'a restore runs now: nobody serves until it has ended', null)];
  if (processes === 0)
    return [bad('note', 'serving', 'no store process serves this database now', null, { processes })];
  return [
    good('serving', `${processes} store process${processes === 1 ? '' : 'es'} serve${processes === 1 ? 's' : ''} it`, {
      processes,
    }),
  ];
};

interface DeskRow {
  id: string;
  name: string;
  cluster: string | null;
  restoredAt: number | null;
  orphans: number;
  parked: number;
  unwiped: number;
}

/** Each desk: its epoch, its audit trail against itself, and what waits for a person. */
export const checkDesks: Check = async (examined) => {
  const { client, quick } = examined;
  const { rows } = await client.query<DeskRow>(
    `select d.id, d.name, d.cluster, d.restored_at as "restoredAt",
       (select count(*) from orphans o where o.desk_id = d.id and o.carried_at is null) as orphans,
       (select coalesce(sum(case e.type when 'claimParked' then 1 else -1 end), 0)::int from entries e
        where e.desk_id = d.id and e.type in ('claimParked', 'parkedSettled')) as parked,
       (select count(*) from devices v where v.desk_id = d.id and v.revoked_at is not null and v.wiped_at is null) as unwiped
     from desks d order by d.created_at`,
  );
  if (rows.length === 0)
    return [bad('note', 'desk', 'there is no desk yet', 'Seed or import one: `store seed`, `store import`.')];
  const cluster = await apart(examined, () => clusterOf({ pool: client }));
  const found: Finding[] = [];
  for (const desk of rows) {
    if (cluster !== null && desk.cluster !== null && cluster !== desk.cluster)
      found.push(
        bad(
          'warning',
          'epoch',
          `${desk.name}: the database comes from another cluster or another time than the one that was served last`,
          'Expected after a restore or a failover: the next `store serve` opens a new epoch, and consoles send again what they hold.',
        ),
      );
    else
      found.push(
        good(
          'epoch',
          desk.restoredAt === null
            ? `${desk.name}: its first epoch`
            : `${desk.name}: restored ${new Date(desk.restoredAt).toISOString()}, and in an epoch of its own since`,
          { restoredAt: desk.restoredAt },
        ),
      );
    const report = quick
      ? await verifyRecentIn(client, desk.id, desk.name, QUICK_PLACES)
      : await verifyDeskIn(client, desk.id, desk.name);
    found.push(...audited(report, quick), ...waitingIn(desk));
  }
  return found;
};

type Audited = Awaited<ReturnType<typeof verifyRecentIn>> & { readonly commands?: number };

function audited({ name, logRows, tickets, commands, faults, doubts }: Audited, quick: boolean): Finding[] {
  const facts = {
    places: logRows,
    tickets,
    faults: faults.length,
    doubts: doubts.length,
    ...(commands === undefined ? {} : { commands }),
  };
  const told = [
    ...faults.map((fault) =>
      bad(
        'fault',
        'audit',
        `${name}: ${fault}`,
        'Somebody or something changed rows past the store. Keep the database as it is, compare with a backup, and ask who had access.',
        facts,
      ),
    ),
    ...doubts.map((doubt) =>
      bad(
        'warning',
        'audit',
        `${name}: ${doubt}`,
        'Rows were taken out past the store, or that device does not keep to the protocol. Compare with a backup, and look at the device.',
        facts,
      ),
    ),
  ];
  if (told.length > 0) return told;
  const counted = `${logRows} places of the log${commands === undefined ? '' : `, ${commands} commands`} and ${tickets} tickets`;
  return [good('audit', `${name}: ${quick ? 'the last ' : ''}${counted} add up`, facts)];
}

function waitingIn({ name, orphans, parked, unwiped }: DeskRow): Finding[] {
  const found: Finding[] = [];
  if (orphans > 0)
    found.push(
      bad(
        'warning',
        'orphans',
        `${name}: ${orphans} acts from before a restore wait for tickets that no console has brought back`,
        '`store orphans` lists them. Have the people who registered those tickets sign in on their machines.',
        { orphans },
      ),
    );
  if (parked > 0)
    found.push(
      bad('note', 'parked', `${name}: ${parked} parked acts wait for a person to settle them`, null, { parked }),
    );
  if (unwiped > 0)
    found.push(
      bad(
        'note',
        'devices',
        `${name}: ${unwiped} revoked devices have not said yet that they erased themselves`,
        '`store account list` names them.',
        { unwiped },
      ),
    );
  return found;
}
