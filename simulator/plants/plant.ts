import type { CachePort } from '../../src/core/ports/cache.ts';
import type { OutboxPort } from '../../src/core/ports/outbox.ts';
import type { StoreClientPort } from '../../src/core/ports/store-client.ts';
import type { ChangeStore } from '../../src/store/changes/change-reads.ts';
import type { DeskStore } from '../../src/store/commands/desk-port.ts';
import type { Machine } from '../console/machine.ts';
import type { MemoryDesk } from '../desk/memory-desk.ts';
import type { StoreRoutes } from '../store/store-routes.ts';
import type { Chance } from '../time/chance.ts';
import type { Scheduler } from '../time/scheduler.ts';

export interface StorePorts {
  readonly desks: DeskStore;
  readonly changes: ChangeStore;
}
/** Ports as the code under test gets them. Each wrapper gets the sound port and gives what is to be used in its place. */
export interface PlantedPorts {
  outbox(port: OutboxPort, machine: Machine): OutboxPort;
  cache(port: CachePort, machine: Machine): CachePort;
  client(port: StoreClientPort, machine: Machine): StoreClientPort;
  store(ports: StorePorts): StorePorts;
  routes(routes: StoreRoutes): StoreRoutes;
}
export interface PlantWorld {
  readonly scheduler: Scheduler;
  readonly desk: MemoryDesk;
  readonly chance: Chance;
}
/** A known bug: made anew for each history, it wraps the ports that it spoils and leaves the others alone. */
export type Plant = (world: PlantWorld) => PlantedPorts;

const sound: PlantedPorts = {
  outbox: (port) => port,
  cache: (port) => port,
  client: (port) => port,
  store: (ports) => ports,
  routes: (routes) => routes,
};
export const noPlant: Plant = () => sound;
export const plantOf =
  (make: (world: PlantWorld) => Partial<PlantedPorts>): Plant =>
  (world) => ({ ...sound, ...make(world) });
