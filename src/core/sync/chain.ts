import { CHAIN_START, commandHashInput, type WireCommand } from '../../protocol/sync/command.ts';
import type { HasherPort } from '../ports/hasher.ts';
import type { OutboxCommand, OutboxIdentity, Relinked } from '../ports/outbox.ts';

/**
 * Stands for the epoch of answers that came with none: a revoked device is told nothing of the log. Never sent, and no epoch of a
 * store is like it.
 */
export const HAND_IN_EPOCH = 'handIn';

/** A command before it has a place in the chain. */
export type LooseCommand = Omit<WireCommand, 'deviceId' | 'incarnation' | 'n' | 'prevHash'>;

export interface Chained {
  readonly identity: OutboxIdentity;
  readonly links: readonly Relinked[];
}

/** Links commands after the last of `identity`, in their order: n goes up by one, each `prevHash` is its predecessor's hash. */
export function chainAfter(identity: OutboxIdentity, commands: readonly LooseCommand[], hasher: HasherPort): Chained {
  let { lastN, lastHash } = identity;
  const links: Relinked[] = [];
  for (const command of commands) {
    const wire: WireCommand = {
      ...command,
      deviceId: identity.deviceId,
      incarnation: identity.incarnation,
      n: lastN + 1,
      prevHash: lastHash,
    };
    lastN = wire.n;
    lastHash = hasher.sha256Hex(commandHashInput(wire));
    links.push({ wire, hash: lastHash });
  }
  return { identity: { ...identity, lastN, lastHash }, links };
}

/** A fresh chain for commands that keep ids, content and order (SY12): the store knows them by id, so none takes effect twice. */
export function rechain(
  identity: OutboxIdentity,
  incarnation: string,
  commands: readonly WireCommand[],
  hasher: HasherPort,
): Chained {
  return chainAfter({ ...identity, incarnation, lastN: 0, lastHash: CHAIN_START }, commands, hasher);
}

/**
 * The command as it is sent: one that is owed carries its former answer, which is no part of its hash nor of what is kept. An
 * answer whose epoch nobody told is not claimed.
 */
export function outgoing({ wire, replayFor, outcome, ackEpoch }: OutboxCommand): WireCommand {
  if (replayFor === null || outcome === null || ackEpoch === null || ackEpoch === HAND_IN_EPOCH) return wire;
  return { ...wire, former: { epoch: ackEpoch, outcome } };
}
