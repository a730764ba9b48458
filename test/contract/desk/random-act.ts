import type { WireCommand } from '../../../src/protocol/sync/command.ts';
import { registerPayload, type TestConsole, ticketId } from './console.ts';
import type { Dice } from './dice.ts';
import { id, people, sites, teams } from './world.ts';

/** A register of the ticket of that number, somewhere. */
export const randomRegister = ({ pick }: Dice, console: TestConsole, number: number): WireCommand =>
  console.command(
    'register',
    ticketId(number),
    registerPayload({ siteId: pick([sites.lima, sites.cusco]), subject: `Falla ${number}` }),
  );

/** Whatever people do to a ticket; `tickets` of them are there to be merged into. */
export function randomAct({ below, pick }: Dice, console: TestConsole, ticket: string, tickets: number): WireCommand {
  const site = pick([sites.lima, sites.cusco]);
  const other = site === sites.lima ? sites.cusco : sites.lima;
  const toPersonId = pick([people.ana, people.beto, people.carla]);
  return pick([
    () => console.command('addNote', ticket, { visibility: 'internal', text: `nota ñ "${below(9)}"` }),
    () => console.command('claim', ticket, {}),
    () => console.command('assign', ticket, { toPersonId }),
    () => console.command('editFields', ticket, { changes: { siteId: { from: other, to: site } } }),
    () => console.command('transfer', ticket, { toTeamId: pick(Object.values(teams)), toPersonId: null, reason: 'x' }),
    () => console.command('resolve', ticket, { solution: 'Se reinició el servicio.', duringCall: false }),
    () => console.command('close', ticket, {}),
    () => console.command('reopen', ticket, { reason: 'volvió' }),
    () => console.command('cancel', ticket, { reason: 'duplicado' }),
    () =>
      console.command('addAttachment', ticket, {
        attachmentId: id(0xb, below(1_000)),
        name: `foto ${below(9)}.jpg`,
        mediaType: 'image/jpeg',
        size: 1 + below(1_000_000),
        sha256: String(below(9)).repeat(64),
        visibility: 'internal',
        thumbnail: null,
      }),
    () => console.command('merge', ticket, { intoTicketId: ticketId(1 + below(tickets)) }),
  ])();
}
