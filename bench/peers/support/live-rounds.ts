import type { LiveRun } from '../peer.ts';
import { type Limit, orOver } from './limited.ts';

/** Milliseconds on the machine's clock, which all processes share. */
export const wallClock = (): number => performance.timeOrigin + performance.now();

interface Pair {
  readonly ticketIds: readonly string[];
  /** Saves a note at A and gives the time of the call, by A's `wallClock`; resolves when A has it durably. */
  save(note: { id: string; ticketId: string; text: string }): Promise<number>;
  /** Told with the id of each row once it is in the store of B, and when that was. */
  onArrived(hear: (id: string, at: number) => void): void;
}

/** One note after the other from A to B, each timed where it happens. Nothing is warmed up. */
export async function liveRounds(limit: Limit, rounds: number, { ticketIds, save, onArrived }: Pair): Promise<LiveRun> {
  const samples: number[] = [];
  let waiting: { id: string; arrived: (at: number) => void } | null = null;
  onArrived((id, at) => {
    if (id === waiting?.id) waiting.arrived(at);
  });
  limit.reached('0 rounds');
  for (let n = 0; n < rounds; n++) {
    const id = `live-${n}`;
    const arrived = new Promise<number>((resolve) => {
      waiting = { id, arrived: resolve };
    });
    const began = await save({ id, ticketId: ticketIds[n % ticketIds.length] ?? '', text: `Nota ${n}` });
    samples.push((await orOver(limit, arrived)) - began);
    limit.reached(`${n + 1} rounds`);
  }
  return { samples };
}
