import { createServer, type IncomingMessage } from 'node:http';
import { serveCalls } from '../../support/serve-calls.ts';
import { importPeer, loadModel } from './model.ts';

/** The application's own server, which zero-cache asks what a query means and to carry out what was written. */
const [databaseUrl = ''] = process.argv.slice(2);
interface Request {
  readonly userID: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly logLevel: 'error';
}
type Transact = (work: (tx: unknown, name: string, args: unknown) => Promise<void>) => Promise<unknown>;
interface ServerModule {
  handleMutateRequest(
    request: Request & { dbProvider: unknown; handler: (transact: Transact) => unknown },
  ): Promise<unknown>;
  handleQueryRequest(
    request: Request & { schema: unknown; handler: (name: string, args: unknown) => unknown },
  ): Promise<unknown>;
}
const { zero, schema, mutators, queries } = await loadModel();
const { handleMutateRequest, handleQueryRequest } = (await importPeer('@rocicorp/zero/server')) as ServerModule;
const { zeroNodePg } = (await importPeer('@rocicorp/zero/server/adapters/pg')) as {
  zeroNodePg(schema: unknown, url: string): unknown;
};
const dbProvider = zeroNodePg(schema, databaseUrl);

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const asked: Request = { userID: 'desk', query: url.searchParams, body: await bodyOf(request), logLevel: 'error' };
    const answer =
      url.pathname === '/mutate'
        ? await handleMutateRequest({
            ...asked,
            dbProvider,
            handler: (transact) =>
              transact((tx, name, args) => zero.mustGetMutator(mutators, name).fn({ tx, args, ctx: undefined })),
          })
        : await handleQueryRequest({
            ...asked,
            schema,
            handler: (name, args) => zero.mustGetQuery(queries, name).fn({ args, ctx: undefined }),
          });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

serveCalls(
  {
    listen: () =>
      new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : null);
        });
      }),
  },
  async () => {
    server.closeAllConnections();
    server.close();
  },
);
