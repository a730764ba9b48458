import type { WireCommand } from '../../../src/protocol/sync/command.ts';
import { linesToText } from '../../../src/store/changes/sync-line.ts';
import { createConsole, endOf, registerPayload, type TestConsole, ticketId } from './console.ts';
import { createRig, type OpenPorts } from './rig.ts';
import { accounts, id, member, people, person, sites, teams, type Who } from './world.ts';

/** mulberry32: the same numbers from the same seed. */
function dice(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { below: (bound: number) => Math.floor(next() * bound) };
}

/**
 * One seeded history of pushes, repetitions, pulls, fills, digests, searches and changes of rights, one step after another.
 * Gives all that was answered, byte for byte.
 */
export async function runHistory(open: OpenPorts, seed: number, steps: number): Promise<string[]> {
  const rig = await createRig(open);
  const { below } = dice(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const names = Object.keys(accounts) as Who[];
  const consoles = names.map((who) => createConsole(rig, who));
  const cursors = new Map<TestConsole, number>();
  const transcript: string[] = [];
  const told = (what: string, answer: unknown) => transcript.push(`${what} ${JSON.stringify(answer)}`);
  const sent: { console: TestConsole; batch: WireCommand[] }[] = [];
  let registered = 0;

  function act(console: TestConsole, ticket: string): WireCommand {
    const site = pick([sites.lima, sites.cusco]);
    const other = site === sites.lima ? sites.cusco : sites.lima;
    const toPersonId = pick([people.ana, people.beto, people.carla]);
    return pick([
      () => console.command('addNote', ticket, { visibility: 'internal', text: `nota ñ "${below(9)}"` }),
      () => console.command('claim', ticket, {}),
      () => console.command('assign', ticket, { toPersonId }),
      () => console.command('editFields', ticket, { changes: { siteId: { from: other, to: site } } }),
      () =>
        console.command('transfer', ticket, { toTeamId: pick(Object.values(teams)), toPersonId: null, reason: 'x' }),
      () => console.command('resolve', ticket, { solution: 'Se reinició el servicio.', duringCall: false }),
      () => console.command('close', ticket, {}),
      () => console.command('reopen', ticket, { reason: 'volvió' }),
      () => console.command('cancel', ticket, { reason: 'duplicado' }),
      () => console.command('merge', ticket, { intoTicketId: ticketId(1 + below(registered)) }),
    ])();
  }
  const push = async (console: TestConsole, batch: WireCommand[]) =>
    told(`push ${console.who}`, await console.pushRaw(batch));

  for (let step = 0; step < steps; step++) {
    const console = pick(consoles);
    rig.clock.now += below(4) === 0 ? 86_400_000 * below(20) : below(60_000);
    const what = below(14);
    if (registered === 0 || what === 0) {
      const batch = Array.from({ length: 1 + below(3) }, () => {
        registered += 1;
        const siteId = pick([sites.lima, sites.cusco]);
        return console.command(
          'register',
          ticketId(registered),
          registerPayload({ siteId, subject: `Falla ${registered}` }),
        );
      });
      sent.push({ console, batch });
      await push(console, batch);
    } else if (what < 6) {
      const ticket = ticketId(1 + below(registered));
      const batch = Array.from({ length: 1 + below(3) }, () => act(console, ticket));
      sent.push({ console, batch });
      await push(console, batch);
    } else if (what === 6) {
      const again = pick(sent);
      await push(again.console, again.batch);
    } else if (what < 10) {
      const pulled = await console.pullRaw(cursors.get(console) ?? 0, pick([1, 5, 1_000]));
      told(`pull ${console.who}`, pulled.ok ? linesToText(pulled.value) : pulled.error);
      if (pulled.ok) cursors.set(console, endOf(pulled.value).cursor);
    } else if (what === 10) {
      const entity = pick(['ticket', 'entry', 'person', 'membership'] as const);
      told(`page ${entity} ${console.who}`, await console.page(entity, null, pick([2, 1_000])));
    } else if (what === 11) {
      const cursor = cursors.get(console) ?? 0;
      told(`digest ${console.who}`, await console.digest(cursor));
      told('digest rows', await console.digestRows(cursor, [37, 74, 111, 148], ['person']));
      const rows = [1, 2, 3, 4].map((n) => ({ e: 'ticket' as const, id: ticketId(n) }));
      const answer = await console.rows(pick([cursor, null]), rows);
      told('rows', answer.ok ? [...linesToText(answer.value).split('\n')].sort() : answer.error);
    } else if (what === 12) {
      told('search', await console.search(pick(['falla', 'reinicio rosa', 'MDS-2026', '2'])));
    } else if (below(2) === 0) {
      await rig.setSites(console.who, pick([[], [sites.lima], [sites.cusco], [sites.lima, sites.cusco]]));
    } else {
      await rig.putDirectory([
        person(people.rosa, `Rosa ${below(100)}`, sites.lima, false),
        member(4, people.carla, teams.lima, below(2) === 0),
      ]);
    }
  }
  const { deskId } = await rig.principal('admin');
  told('mark', await rig.desks.mark(deskId));
  told('another epoch', await rig.desks.openEpoch(deskId, { from: id(0xe, 77), to: id(0xe, 78), at: 1 }));
  await rig.close();
  return transcript;
}
