import { once } from 'node:events';
import { createServer } from 'node:http';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { ConfigError } from '../runtime-config.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}
export interface MetricsServerOptions {
  readonly registry: Registry;
  readonly host: string;
  readonly port: number;
  onTrouble(error: unknown): void;
}

/**
 * The metrics, on a listener of their own: what publishes the store to consoles does not publish them. GET /metrics, nothing else.
 * Rejects when the port cannot be had.
 */
export async function serveMetrics({ registry, host, port, onTrouble }: MetricsServerOptions): Promise<MetricsServer> {
  // Of the process as a whole: memory, processor, event loop, garbage collection.
  collectDefaultMetrics({ register: registry });
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const found = request.method === 'GET' && new URL(request.url ?? '/', 'http://metrics').pathname === '/metrics';
    if (!found) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('GET /metrics\n');
      return;
    }
    registry.metrics().then(
      (text) =>
        response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text),
      (error: unknown) => {
        onTrouble(error);
        response.writeHead(500, { 'content-type': 'text/plain' }).end('the metrics could not be gathered\n');
      },
    );
  });
  server.listen({ host, port });
  await once(server, 'listening').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE')
      throw new ConfigError(`The port ${port} of --metrics-port is taken: choose another, or 0 for a free one.`);
    throw error;
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}/metrics`,
    async close() {
      registry.clear();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
