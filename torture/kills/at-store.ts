import pg from 'pg';
import { z } from 'zod';
import type { Breach } from './ledger.ts';
import type { HeldOutbox } from './read-outbox.ts';

const commandSchema = z.object({
  id: z.string(),
  n: z.int(),
  hash: z.string(),
  outcome: z.string(),
  refused: z.boolean(),
});
const entrySchema = z.object({
  ticket_id: z.string(),
  doc: z.string().transform((doc) => z.object({ commandId: z.string() }).parse(JSON.parse(doc))),
});

/** Whether the store has each command of an outbox once, with one effect, in order, and answered as the outbox says. */
export async function compareWithStore(
  databaseUrl: string,
  outbox: HeldOutbox,
): Promise<{ commands: number; effects: number; breaches: Breach[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const commands = z
      .array(commandSchema)
      .parse((await client.query('select id, n, hash, outcome, refused from commands order by n')).rows);
    const entries = z
      .array(entrySchema)
      .parse((await client.query('select ticket_id, doc from entries order by ticket_id, seq')).rows);
    const breaches: Breach[] = [];
    const byId = new Map(commands.map((command) => [command.id, command]));
    const nOf = new Map(outbox.commands.map((command) => [command.id, command.n]));

    for (const held of outbox.commands) {
      const at = byId.get(held.id);
      const detail = held.text ?? held.id;
      if (at === undefined) breaches.push({ what: 'lost', detail: `the store lacks ${detail}` });
      else if (at.hash !== held.hash || at.n !== held.n)
        breaches.push({ what: 'outOfOrder', detail: `the store has ${detail} at n ${at.n}` });
      else if (at.refused) breaches.push({ what: 'refused', detail: `${detail}: ${at.outcome}` });
      else if (
        held.outcome !== null &&
        JSON.stringify(JSON.parse(at.outcome)) !== JSON.stringify(JSON.parse(held.outcome))
      )
        breaches.push({ what: 'notOurs', detail: `another answer for ${detail}` });
    }
    for (const { id } of commands)
      if (!nOf.has(id)) breaches.push({ what: 'notOurs', detail: `the outbox lacks ${id}, which the store has` });

    const effects = new Map<string, number>();
    let before = { ticketId: '', n: -1 };
    for (const { ticket_id: ticketId, doc } of entries) {
      effects.set(doc.commandId, (effects.get(doc.commandId) ?? 0) + 1);
      const n = nOf.get(doc.commandId) ?? -1;
      if (before.ticketId === ticketId && n < before.n)
        breaches.push({ what: 'outOfOrder', detail: `n ${n} behind n ${before.n} on ${ticketId}` });
      before = { ticketId, n };
    }
    for (const { id, text } of outbox.commands) {
      const count = effects.get(id) ?? 0;
      if (count === 0) breaches.push({ what: 'lost', detail: `no effect of ${text ?? id}` });
      if (count > 1) breaches.push({ what: 'doubled', detail: `${count} effects of ${text ?? id}` });
    }
    return { commands: commands.length, effects: entries.length, breaches };
  } finally {
    await client.end();
  }
}

/** Everything that the store has of commands and entries, for whoever looks at what broke. */
export async function storeRows(databaseUrl: string): Promise<{ commands: unknown[]; entries: unknown[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const commands = await client.query<object>('select * from commands order by incarnation, n');
    const entries = await client.query<object>('select * from entries order by ticket_id, seq');
    return { commands: commands.rows, entries: entries.rows };
  } finally {
    await client.end();
  }
}
