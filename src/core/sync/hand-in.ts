import type { Link } from './link.ts';
import { runPush } from './push-loop.ts';
import type { SyncContext } from './sync-context.ts';

/** What a device does once the store has revoked it; the steps are in `core/wipe.ts`. */
export interface HandIn {
  /** True from the first word of the store until the files are gone, in a later process too. */
  begun(): boolean;
  begin(): void;
  /** The store takes the device again. */
  calledOff(): void;
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
  const push = runPush(link, context, null);
  await Promise.race([Promise.allSettled([push]), drained(link)]);
  link.close();
  stopAt();
  await Promise.allSettled([push]);
}
