/** The open ticket: header, acts, timeline and composer. */
export function TicketPane({ ticketId }: { readonly ticketId: string }) {
  return <section data-ticket-id={ticketId} />;
}
