import { z } from 'zod';

const callSchema = z.object({ id: z.int(), method: z.string(), params: z.unknown() });
export type Methods = Readonly<Record<string, (params: unknown) => unknown>>;

export const tell = (event: string, value: unknown): void => {
  process.send?.({ event, value });
};

/** The child's side of `startPeerProcess`: it ends, after `close`, when its parent lets go or is gone. */
export function serveCalls(methods: Methods, close: () => Promise<void>): void {
  process.on('message', async (raw) => {
    const { id, method, params } = callSchema.parse(raw);
    try {
      const work = methods[method];
      if (work === undefined) throw new Error(`no method ${method}`);
      process.send?.({ id, value: await work(params) });
    } catch (error) {
      process.send?.({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once('disconnect', () => {
    void close().finally(() => process.exit(0));
  });
}
