import { CHAIN_START, commandHashInput, type WireCommand } from '../../protocol/sync/command.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ChainHead, ChainKey, StoredCommand } from './desk-port.ts';

export interface Fork {
  readonly code: 'FORK';
  readonly lastN: number;
  readonly lastHash: string;
}
export type Step =
  | { readonly kind: 'fresh'; readonly command: WireCommand; readonly hash: string }
  | { readonly kind: 'replay'; readonly stored: StoredCommand };

const keyOf = (key: ChainKey): string => `${key.deviceId} ${key.incarnation}`;

/** Chains named by a batch: unique, in the order in which they are locked. */
export function chainsOf(commands: readonly WireCommand[]): ChainKey[] {
  const unique = new Map(
    commands.map(({ deviceId, incarnation }) => [keyOf({ deviceId, incarnation }), { deviceId, incarnation }]),
  );
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

/**
 * Checks a batch against the heads of its chains before anything is written.
 *
 * - A command that the store has is replayed, whatever its chain: after a fork ids are kept and their places are new.
 * - A fresh one must follow its head by number and hash; else FORK, and nothing of the batch is applied (SY12). A gap answers
 *   FORK too: a console whose own chain agrees at `lastN` sends on from there, any other takes a new incarnation.
 */
export function checkChains(
  commands: readonly WireCommand[],
  storedById: ReadonlyMap<string, StoredCommand>,
  heads: readonly ChainHead[],
  sha256: (text: string) => string,
): Result<{ steps: Step[]; moved: ChainHead[] }, Fork> {
  const headByKey = new Map(heads.map((head) => [keyOf(head), head]));
  const moved = new Map<string, ChainHead>();
  const steps: Step[] = [];
  for (const command of commands) {
    const key = keyOf(command);
    const head = headByKey.get(key) ?? { ...command, lastN: 0, lastHash: CHAIN_START };
    const fork = err<Fork>({ code: 'FORK', lastN: head.lastN, lastHash: head.lastHash });
    const hash = sha256(commandHashInput(command));
    const stored = storedById.get(command.id);
    const samePlace =
      stored !== undefined &&
      stored.deviceId === command.deviceId &&
      stored.incarnation === command.incarnation &&
      stored.n === command.n;
    if (samePlace && stored.hash !== hash) return fork;
    if (stored === undefined || command.n > head.lastN) {
      if (command.n !== head.lastN + 1 || command.prevHash !== head.lastHash) return fork;
      const next = { deviceId: command.deviceId, incarnation: command.incarnation, lastN: command.n, lastHash: hash };
      headByKey.set(key, next);
      moved.set(key, next);
    }
    steps.push(stored === undefined ? { kind: 'fresh', command, hash } : { kind: 'replay', stored });
  }
  return ok({ steps, moved: [...moved.values()] });
}
