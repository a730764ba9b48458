import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/start.ts';
import { createFaultProxy } from '../link/fault-proxy.ts';

/** A real PostgreSQL that is stopped and killed, behind an address that stays. */
export interface DeskDatabase {
  readonly url: string;
  /** Fast shutdown, then again after `downMs`. */
  restart(downMs: number): Promise<void>;
  /** kill -9 of the postmaster, then again after `downMs`. */
  kill(downMs: number): Promise<void>;
  close(): Promise<void>;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const DATABASE = 'postgres';

export async function createDeskDatabase(folder: string): Promise<DeskDatabase> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ folder, durable: true });
  /** It takes another port at each start; stores are told one address, as they would be in production. */
  const door = await createFaultProxy({ target: () => ({ host: '127.0.0.1', port: server.port }), seed: 0 });
  const url = new URL(server.url(DATABASE));
  url.port = String(door.port);

  async function startAgain(downMs: number): Promise<void> {
    await sleep(downMs);
    // After a kill its children hold the shared memory for a moment, and it refuses to start beside them.
    for (let attempt = 1; ; attempt += 1) {
      try {
        server = await startEmbeddedPostgres({ folder, durable: true });
        return;
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(500);
      }
    }
  }
  return {
    url: url.href,
    async restart(downMs) {
      await server.stop();
      await startAgain(downMs);
    },
    async kill(downMs) {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      door.cutAll('rst');
      await startAgain(downMs);
    },
    async close() {
      await server.stop();
      await door.close();
    },
  };
}
