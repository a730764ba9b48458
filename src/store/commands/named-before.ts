/** Tickets whose ids are remembered; a ticket names some ten. */
const REMEMBERED = 20_000;

/**
 * What the tickets that this process judged lately name of the directory: asked for together with the tickets, before they have
 * answered. A hint: what is missing in it is asked for, what is too much is not looked at.
 */
export interface NamedBefore {
  of(ticketIds: readonly string[]): readonly string[];
  note(ticketId: string, ids: ReadonlySet<string>): void;
}

export function createNamedBefore(): NamedBefore {
  const idsByTicketId = new Map<string, readonly string[]>();
  return {
    of: (ticketIds) => ticketIds.flatMap((id) => idsByTicketId.get(id) ?? []),
    note(ticketId, ids) {
      // The latest stand last.
      idsByTicketId.delete(ticketId);
      idsByTicketId.set(ticketId, [...ids]);
      const [oldest] = idsByTicketId.keys();
      if (idsByTicketId.size > REMEMBERED && oldest !== undefined) idsByTicketId.delete(oldest);
    },
  };
}
