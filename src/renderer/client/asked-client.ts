import type { ConsoleClient } from '../../protocol/console/client.ts';
import type { ConsoleMethod } from '../../protocol/console/methods.ts';

/** Methods that carry whose screen asks: what they write is written in that person's name or not at all. */
export const askedMethods = [
  'acts.submit',
  'acts.register',
  'outbox.dismiss',
  'outbox.reapply',
  'drafts.save',
  'drafts.discard',
  'remote.preview',
  'remote.launch',
  'remote.end',
  'attachments.begin',
  'attachments.append',
  'attachments.finish',
  'attachments.discard',
] as const satisfies readonly ConsoleMethod[];
const asked: ReadonlySet<ConsoleMethod> = new Set<ConsoleMethod>(askedMethods);

/** The client of one person's screens. A window that has not heard of another person yet writes nothing in their name. */
export const askedClient = (client: ConsoleClient, personId: string): ConsoleClient => ({
  call: (method, params) => client.call(method, asked.has(method) ? { ...params, personId } : params),
  subscribe: client.subscribe,
  close: client.close,
});
