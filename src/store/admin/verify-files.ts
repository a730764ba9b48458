import type { ClientBase } from 'pg';

type Queryable = Pick<ClientBase, 'query'>;

/**
 * What the database says of files must be what its commands and timelines say: each stored command that adds one is in the projection that
 * the collector goes by, and a file arrived once, under the command that added it.
 */
export async function verifyFiles(client: Queryable, deskId: string, faults: string[]): Promise<void> {
  const told = async (text: string, words: (id: string) => string) => {
    const { rows } = await client.query<{ id: string }>(text, [deskId]);
    for (const { id } of rows) faults.push(words(id));
  };
  await told(
    `select c.id from commands c where c.desk_id = $1 and c.type = 'addAttachment' and not c.refused and not exists (
       select 1 from attachments a where a.desk_id = c.desk_id and a.command_id = c.id and a.ticket_id = c.ticket_id) limit 5`,
    (id) => `files: command ${id} adds one that is not counted`,
  );
  for (const [type, column] of [
    ['attachmentAdded', 'a.added'],
    ['attachmentArrived', 'a.arrived_at is not null'],
  ] as const) {
    await told(
      `select a.command_id as id from attachments a where a.desk_id = $1 and (${column}) <> exists (
         select 1 from entries e where e.desk_id = a.desk_id and e.ticket_id = a.ticket_id and e.type = '${type}'
           and left(e.id, 36) = a.command_id::text) limit 5`,
      (id) => `files: command ${id} is not what its timeline says (${type})`,
    );
  }
  await told(
    `select left(e.id, 36) as id from entries e where e.desk_id = $1 and e.type = 'attachmentArrived'
     group by 1 having count(*) > 1 limit 5`,
    (id) => `files: that of command ${id} arrived more than once`,
  );
  await told(
    `select h.sha256 as id from blob_holders h where h.desk_id = $1 and not exists (
       select 1 from blobs b where b.desk_id = h.desk_id and b.sha256 = h.sha256) limit 5`,
    (id) => `files: ${id} has holders and is not there`,
  );
}
