import type { DirectoryChange } from '../../../simulator/desk/commit.ts';
import type { Principal } from '../../../src/store/auth/principal.ts';
import type { ChangeStore } from '../../../src/store/changes/change-reads.ts';
import { createDeskService, type DeskService } from '../../../src/store/changes/desk-service.ts';
import type { DeskStore } from '../../../src/store/commands/desk-port.ts';
import { sha256 } from '../../../src/store/commands/sha256.ts';
import { id, START, type Who } from './world.ts';

/** What an adapter gives the suite: both ports over one desk of the contract's world, and the administrator's acts. */
export interface DeskPorts {
  readonly desks: DeskStore;
  readonly changes: ChangeStore;
  putDirectory(changes: readonly DirectoryChange[]): Promise<void>;
  /** What the person is granted beside the teams that they are in. */
  setGrants(
    who: Who,
    granted: { readonly siteIds?: readonly string[]; readonly teamIds?: readonly string[] },
  ): Promise<void>;
  revokeDevice(deviceId: string, at: number): Promise<void>;
  principal(who: Who): Promise<Principal>;
  close(): Promise<void>;
}
export type OpenPorts = () => Promise<DeskPorts>;

export interface Rig extends DeskPorts {
  readonly clock: { now: number };
  readonly service: DeskService;
}

/** The store's own code over the ports, with a clock that stands still and ids that count. */
export async function createRig(open: OpenPorts): Promise<Rig> {
  const ports = await open();
  const clock = { now: START };
  let made = 0;
  const service = createDeskService({
    desks: ports.desks,
    changes: ports.changes,
    now: () => clock.now,
    newId: () => id(0xe, 100 + made++),
    sha256,
  });
  return { ...ports, clock, service };
}
