import type { Link } from './link.ts';
import { runPush } from './push-loop.ts';
import type { SyncContext } from './sync-context.ts';
import { runUploads } from './upload-loop.ts';

/** What a device does once the store has revoked it; the steps are in `core/wipe.ts`. */
export interface HandIn {
  /** True from the first word of the store until the files are gone, in a later process too. */
  begun(): boolean;
  begin(): void;
  /** The store takes the device again. */
  calledOff(): void;
  /** Files have had their time: what the store did not take of them is counted, and goes. */
  givesUpFiles(): boolean;
  /** Everything has its answer. */
  handedIn(): void;
}

const ALONE_MS = 60_000;

/** SY16: whatever keeps this console from reading, what it has to say still goes out. Ends when all is sent or nothing goes. */
export async function pushAlone(
  link: Link,
  context: SyncContext,
  nothingToSend: () => boolean,
  drained: (link: Link) => Promise<void>,
): Promise<void> {
  const { deps, keeper } = context;
  if (nothingToSend() || !keeper.alive()) return link.close();
  const stopAt = deps.timers.after(ALONE_MS, link.close);
  // No hello told the epoch, so none is claimed.
  const loops = [runPush(link, context, null), runUploads(link, context, null)];
  await Promise.race([Promise.allSettled(loops), drained(link)]);
  link.close();
  stopAt();
  await Promise.allSettled(loops);
}
