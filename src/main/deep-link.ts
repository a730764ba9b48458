import { idSchema } from '../domain/vocabulary.ts';

export const LINK_SCHEME = 'chasqui';
/** Longer than any link of ours; nothing longer is looked at. */
const MAX_LINK = 80;

/**
 * The ticket that a `chasqui://ticket/<uuid>` link names; null for anything else (threat 20). The link is data from any page
 * or mail: it selects a ticket on the screen and can do nothing more.
 */
export function ticketOfLink(link: string): string | null {
  if (link.length > MAX_LINK) return null;
  const id = /^chasqui:\/\/ticket\/([0-9a-f-]{36})\/?$/i.exec(link)?.[1]?.toLowerCase();
  return id !== undefined && idSchema.safeParse(id).success ? id : null;
}

/**
 * The ticket among the arguments of a start. Whatever else rode in with the link is not read by us, and the registered
 * command line ends its switches by `--`.
 */
export function ticketOfArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const ticketId = ticketOfLink(argument);
    if (ticketId !== null) return ticketId;
  }
  return null;
}
