import { type Outcome, outcomeSchema, type WireCommand } from '../../../src/protocol/sync/command.ts';
import { linesToText } from '../../../src/store/changes/sync-line.ts';
import { createConsole, ticketId } from './console.ts';
import { createDice } from './dice.ts';
import { memoryPorts } from './memory-ports.ts';
import { randomAct, randomRegister } from './random-act.ts';
import { createRig, type OpenPorts } from './rig.ts';
import { accounts, EPOCH, id, START, type Who } from './world.ts';

const names = Object.keys(accounts) as Who[];
const NEXT_EPOCH = id(0xe, 2);

interface Answered {
  readonly who: Who;
  readonly command: WireCommand;
  readonly outcome: Outcome;
}

/** What a desk answered that will then be lost whole. */
async function loseHistory(seed: number, steps: number): Promise<Answered[]> {
  const rig = await createRig(async () => memoryPorts());
  const dice = createDice(seed);
  const consoles = names.map((who) => createConsole(rig, who));
  const answered: Answered[] = [];
  let registered = 0;
  for (let step = 0; step < steps; step++) {
    const console = dice.pick(consoles);
    rig.clock.now += dice.below(60_000);
    if (registered === 0 || dice.below(5) === 0) registered += 1;
    const isNew = !answered.some(({ command }) => command.ticketId === ticketId(registered));
    const command = isNew
      ? randomRegister(dice, console, registered)
      : randomAct(dice, console, ticketId(1 + dice.below(registered)), registered);
    const { results } = await console.push(command);
    answered.push({ who: console.who, command, outcome: outcomeSchema.parse(JSON.parse(results[0]?.outcome ?? '')) });
  }
  return answered;
}

export interface Restored {
  readonly transcript: readonly string[];
  readonly lost: readonly Answered[];
  /** Everything that an administrator may hold at the end, as NDJSON. */
  readonly pulled: string;
}

/**
 * A desk that answered a history is put back to before all of it, in a new epoch; its consoles come back in an order of their own and
 * hand in again, each its own chain, what they had been answered (SY14).
 */
export async function runRestored(open: OpenPorts, seed: number, steps: number): Promise<Restored> {
  const lost = await loseHistory(seed, steps);
  const rig = await createRig(open);
  const { deskId } = await rig.principal('admin');
  const dice = createDice(seed + 1_000);
  rig.clock.now = START + 86_400_000;
  await rig.desks.openEpoch(deskId, { from: EPOCH, to: NEXT_EPOCH, at: rig.clock.now });
  const queues = new Map(names.map((who) => [who, lost.filter((one) => one.who === who)]));
  const transcript: string[] = [];
  for (;;) {
    const waiting = names.filter((who) => (queues.get(who)?.length ?? 0) > 0);
    if (waiting.length === 0) break;
    const who = dice.pick(waiting);
    const queue = queues.get(who) ?? [];
    const first = queue[0]?.command.ticketId;
    const most = 1 + dice.below(3);
    let size = 1;
    while (size < most && queue[size]?.command.ticketId === first) size += 1;
    const batch = queue
      .slice(0, size)
      .map(({ command, outcome }) => ({ ...command, former: { epoch: EPOCH, outcome } }));
    rig.clock.now += dice.below(60_000);
    const answer = await createConsole(rig, who).pushRaw(batch, NEXT_EPOCH);
    transcript.push(`${who} ${JSON.stringify(answer)}`);
    // An answer that got lost on the way: the same goes out again.
    if (dice.below(5) > 0) queue.splice(0, size);
  }
  const admin = createConsole(rig, 'admin');
  const pulled = linesToText(await admin.pull(0));
  transcript.push(pulled, JSON.stringify(await admin.digest(0)));
  await rig.close();
  return { transcript, lost, pulled };
}
