import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { serveCalls } from '../../support/serve-calls.ts';
import { readRows } from '../support/rows.ts';
import { collectionDoc, pouchDoc } from './docs.ts';
import { loadPouch, type Pouch, type PouchConstructor, requirePeer } from './pouch.ts';

/** express-pouchdb in a process and an Express 4 application of its own; with the page of the RxDB console when there is one. */
const [folder = '', page] = process.argv.slice(2);
interface Express {
  (): RequestListener & { use(path: string, handler: unknown): void };
  static(folder: string): unknown;
}
const express: Express = requirePeer('express');
const expressPouch: (pouch: PouchConstructor, options: object) => unknown = requirePeer('express-pouchdb');
const Served = loadPouch().defaults({ prefix: join(folder, '/') });

const app = express();
if (page !== undefined) app.use('/page', express.static(page));
// Compression only costs on loopback; what replication does not need is left out.
app.use('/', expressPouch(Served, { mode: 'minimumForPouchDB', overrideMode: { exclude: ['compression'] } }));
const server = createServer(app);

const BATCH = 2_000;
const opened = new Map<string, Pouch>();
const database = (name: string): Pouch => {
  const known = opened.get(name) ?? new Served(name);
  opened.set(name, known);
  return known;
};
const loadSchema = z.object({ rows: z.string(), layout: z.enum(['one', 'collections']), prefix: z.string() });
const sinceSchema = z.object({ database: z.string(), since: z.int() });

serveCalls(
  {
    async load(params) {
      const { rows, layout, prefix } = loadSchema.parse(params);
      for (const name of layout === 'one' ? ['desk'] : ['tickets', 'notes']) await database(prefix + name).info();
      for await (const batch of readRows(rows, BATCH)) {
        if (layout === 'one') await database(`${prefix}desk`).bulkDocs(batch.map(pouchDoc));
        else
          for (const entity of ['ticket', 'note'] as const)
            await database(`${prefix}${entity}s`).bulkDocs(
              batch.filter((row) => row.entity === entity).map(collectionDoc),
            );
      }
      return null;
    },
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : null);
        });
      }),
    head: async (params) => (await database(z.string().parse(params)).info()).update_seq,
    /** Ids in the order in which they came after a place. */
    async arrivals(params) {
      const { database: name, since } = sinceSchema.parse(params);
      const { results } = await database(name).changes({ since });
      return results.map((row) => row.id).filter((id) => !id.startsWith('_design/'));
    },
  },
  async () => {
    server.closeAllConnections();
    server.close();
    for (const one of opened.values()) await one.close();
  },
);
