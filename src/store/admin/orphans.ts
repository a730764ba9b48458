import { z } from 'zod';
import type { Database } from '../db/pool.ts';

/** A command from before a restore whose ticket no console has brought back yet (SY14). */
export interface WaitingOrphan {
  readonly desk: string;
  readonly commandId: string;
  readonly ticketId: string;
  readonly type: string;
  readonly author: string;
  readonly recordedAt: number;
  readonly payload: unknown;
}
const envelopeSchema = z.object({ payload: z.unknown() });

/** Those of all desks, in order of receipt: what a supervisor can still read when the laptop with the register is gone for good. */
export async function listOrphans(db: Pick<Database, 'pool'>): Promise<WaitingOrphan[]> {
  const { rows } = await db.pool.query<Omit<WaitingOrphan, 'payload'> & { envelope: string }>(
    `select d.name as desk, o.command_id as "commandId", o.ticket_id as "ticketId", c.type, a.user_name as author,
       o.recorded_at as "recordedAt", c.envelope
     from orphans o join desks d on d.id = o.desk_id
       join commands c on c.desk_id = o.desk_id and c.id = o.command_id
       join accounts a on a.desk_id = c.desk_id and a.id = c.account_id
     where o.carried_at is null order by o.place`,
  );
  return rows.map(({ envelope, ...row }) => ({ ...row, payload: envelopeSchema.parse(JSON.parse(envelope)).payload }));
}
