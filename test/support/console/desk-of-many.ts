import { expect } from 'vitest';
import { actors, call, uuid } from '../world.ts';
import type { ConsoleRig, Scene } from './console-rig.ts';

/** Tickets of somebody else at the store, each with a note: ids from `uuid(2_000)` on. */
export function populate(scene: Scene, count: number): void {
  for (let n = 0; n < count; n += 1) {
    const ticketId = uuid(2_000 + n);
    scene.store.act(actors.beto, ticketId, 'register', { ...call, subject: `Caso ${n}` });
    scene.store.act(actors.beto, ticketId, 'addNote', { visibility: 'internal', text: `nota ${n}` });
  }
}

/** SY4: the base is what the store has. */
export const expectWhole = (scene: Scene, rig: ConsoleRig) => {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect(rig.cache().baseTickets().sort(byId)).toEqual([...scene.store.tickets.values()].sort(byId));
  for (const [ticketId, entries] of scene.store.entries) expect(rig.cache().baseEntries(ticketId)).toEqual(entries);
};
