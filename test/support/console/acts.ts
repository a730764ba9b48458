import { call, uuid } from '../world.ts';
import { type ConsoleRig, required, type Scene } from './console-rig.ts';

let requests = 1;
/** Another one at every call: two intents are never one request. */
export const requestId = (): string => uuid(70_000 + requests++);

const { provisionalCode: _code, teamId: _team, initialTier: _tier, ...input } = call;

/** A call as a form gives it. */
export { input };

async function written(rig: ConsoleRig, claim: boolean): Promise<{ ticketId: string; provisionalCode: string }> {
  const request = { requestId: requestId(), input, claim, resolveWith: null, clearDraft: null };
  const done = await rig.must('acts.register', request);
  if (!done.ok) throw new Error(done.refusal.code);
  return done;
}
/** Gives the id of the ticket, which is nobody's yet. */
export const register = async (rig: ConsoleRig): Promise<string> => (await written(rig, false)).ticketId;
/** Registers and claims, as one act. */
export const takeCall = (rig: ConsoleRig) => written(rig, true);

/** Gives the id of the command. */
export async function submit(
  rig: ConsoleRig,
  ticketId: string,
  type: 'addNote' | 'claim' | 'recordVisit',
  payload: object,
): Promise<string> {
  const acts = [{ ticketId, type, payload }];
  const { results } = await rig.must('acts.submit', { requestId: requestId(), atomic: true, acts, clearDraft: null });
  const result = required(results[0]);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.commandId;
}

export const note = (rig: ConsoleRig, ticketId: string, text: string): Promise<string> =>
  submit(rig, ticketId, 'addNote', { visibility: 'internal', text });

/** Long enough for the console to know. */
export async function goOffline(scene: Scene, rig: ConsoleRig): Promise<void> {
  rig.link.down = { kind: 'offline' };
  await scene.time.advance(40_000);
}

/** Texts of the notes that the store has of a ticket, in its order. */
export const notesAt = (scene: Scene, ticketId: string): string[] =>
  (scene.store.entries.get(ticketId) ?? []).flatMap(({ event }) => (event.type === 'noteAdded' ? [event.text] : []));
