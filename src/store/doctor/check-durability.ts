import { bad, type Check, type Finding, good } from './finding.ts';

interface Settings {
  fsync: string;
  commit: string;
  pages: string;
  wal: string;
  archive: string;
  checksums: string;
}

/** Whether what the store answers as saved survives a power cut: nothing else may be believed if this does not hold (SY1). */
export const checkDurability: Check = async ({ client }) => {
  const { rows } = await client.query<Settings>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('full_page_writes') as pages, current_setting('wal_level') as wal,
       current_setting('archive_mode') as archive, current_setting('data_checksums') as checksums`,
  );
  const [set] = rows;
  if (set === undefined) throw new Error('the server does not tell its settings');
  const facts = {
    fsync: set.fsync,
    synchronous_commit: set.commit,
    full_page_writes: set.pages,
    wal_level: set.wal,
    archive_mode: set.archive,
    data_checksums: set.checksums,
  };
  const off: Finding[] = [
    set.fsync === 'on' ? null : (['fsync', 'a power cut may destroy the whole database'] as const),
    set.commit === 'off' ? (['synchronous_commit', 'a crash loses acts that were answered as saved'] as const) : null,
    set.pages === 'on' ? null : (['full_page_writes', 'a power cut may leave pages half written'] as const),
  ].flatMap((one) =>
    one === null
      ? []
      : [
          bad(
            'fault',
            'durability',
            `${one[0]} is off: ${one[1]}`,
            `Set ${one[0]} = on and restart PostgreSQL.`,
            facts,
          ),
        ],
  );
  if (off.length > 0) return off;
  const found: Finding[] = [
    good('durability', `fsync, synchronous_commit (${set.commit}) and full_page_writes are on`, facts),
  ];
  if (set.checksums !== 'on')
    found.push(
      bad(
        'note',
        'durability',
        'the pages of the database carry no checksums: a disk that alters bytes is found out late',
        'pg_checksums --enable, with the server stopped.',
      ),
    );
  if (set.archive === 'off')
    found.push(
      bad(
        'note',
        'durability',
        'the log of the server is not archived: it cannot be put back to any moment, only to a backup',
        'Archive it (archive_mode), or run `store backup` as often as you may lose; consoles send again what they still hold.',
      ),
    );
  return found;
};
