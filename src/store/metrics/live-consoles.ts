import type { DeskHead } from '../changes/change-reads.ts';

/** A console that listens at this process: which desk's log, and the place of it that was last written to its stream. */
export interface LiveConsole {
  readonly deskId: string;
  readonly told: Pick<DeskHead, 'head' | 'hash'>;
}
/** Who listens at this process now. */
export interface LiveConsoles {
  readonly streams: readonly LiveConsole[];
  readonly longPolls: number;
}

export interface Lag {
  /** Places between the head and what the console furthest behind was told. */
  readonly slowest: number;
  /** Consoles that were told another place than the head. */
  readonly untold: number;
}

/** How far the streams are behind the heads of their desks. After a restore the head goes back: that is news, and no distance. */
export function lagOf(streams: readonly LiveConsole[], heads: readonly DeskHead[]): Lag {
  const headByDesk = new Map(heads.map((at) => [at.deskId, at]));
  let slowest = 0;
  let untold = 0;
  for (const { deskId, told } of streams) {
    const at = headByDesk.get(deskId);
    if (at === undefined || (at.head === told.head && at.hash === told.hash)) continue;
    untold += 1;
    slowest = Math.max(slowest, at.head - told.head);
  }
  return { slowest, untold };
}
