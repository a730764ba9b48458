import type { WireCommand } from '../../../src/protocol/sync/command.ts';
import { linesToText } from '../../../src/store/changes/sync-line.ts';
import { createConsole, endOf, type TestConsole, ticketId } from './console.ts';
import { createDice } from './dice.ts';
import { randomAct, randomRegister } from './random-act.ts';
import { createRig, type OpenPorts } from './rig.ts';
import { accounts, id, member, people, person, sites, teams, type Who } from './world.ts';

/**
 * One seeded history of pushes, repetitions, pulls, fills, digests, searches and changes of rights, one step after another.
 * Gives all that was answered, byte for byte.
 */
export async function runHistory(open: OpenPorts, seed: number, steps: number): Promise<string[]> {
  const rig = await createRig(open);
  const dice = createDice(seed);
  const { below, pick } = dice;
  const names = Object.keys(accounts) as Who[];
  const consoles = names.map((who) => createConsole(rig, who));
  const cursors = new Map<TestConsole, number>();
  const transcript: string[] = [];
  const told = (what: string, answer: unknown) => transcript.push(`${what} ${JSON.stringify(answer)}`);
  const sent: { console: TestConsole; batch: WireCommand[] }[] = [];
  let registered = 0;

  const push = async (console: TestConsole, batch: WireCommand[]) =>
    told(`push ${console.who}`, await console.pushRaw(batch));

  for (let step = 0; step < steps; step++) {
    const console = pick(consoles);
    rig.clock.now += below(4) === 0 ? 86_400_000 * below(20) : below(60_000);
    const what = below(14);
    if (registered === 0 || what === 0) {
      const batch = Array.from({ length: 1 + below(3) }, () => {
        registered += 1;
        return randomRegister(dice, console, registered);
      });
      sent.push({ console, batch });
      await push(console, batch);
    } else if (what < 6) {
      const ticket = ticketId(1 + below(registered));
      const batch = Array.from({ length: 1 + below(3) }, () => randomAct(dice, console, ticket, registered));
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
      told('search', await console.search(pick(['falla', 'reinicio rosa', 'MDS-2026', `rosa ${below(10)}`])));
    } else if (below(2) === 0) {
      await rig.setGrants(console.who, { siteIds: pick([[], [sites.lima], [sites.cusco], [sites.lima, sites.cusco]]) });
    } else {
      await rig.putDirectory([
        person(people.rosa, `Rosa ${below(10)}`, sites.lima, false),
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
