import { randomBytes } from 'node:crypto';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  createJsonSchemaTransform,
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { traceIn } from '../protocol/sync/trace.ts';
import { isUnavailable } from './db/conflicts.ts';
import { POKE_ROUTE } from './metrics/create-metrics.ts';
import { installGuard } from './routes/access.ts';
import { authRoutes } from './routes/auth.ts';
import { blobRoutes } from './routes/blobs.ts';
import { fail } from './routes/failures.ts';
import { healthRoutes } from './routes/health.ts';
import { pokeRoutes } from './routes/poke.ts';
import { syncRoutes } from './routes/sync.ts';
import type { StoreDeps } from './store-deps.ts';

const DEFAULT_BODY_LIMIT = 64_000;

const PROBE_MS = 2_000;

/** Some ends of a connection come with no code; whether the database is there is then asked of itself, never of a text. */
async function databaseAnswers({ pool }: StoreDeps['db']): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PROBE_MS, false).unref());
  const answer = pool.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]);
}

function installFailures(app: FastifyInstance, deps: StoreDeps): void {
  app.setNotFoundHandler((_request, reply) => fail(reply, 'notFound'));
  app.setErrorHandler(async (error, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const details = error.validation.slice(0, 5).map((issue) => ({ path: issue.instancePath, rule: issue.keyword }));
      return fail(reply, 'badRequest', { details });
    }
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status === 413) return fail(reply, 'tooLarge');
    if (status >= 400 && status < 500) return fail(reply, 'badRequest');
    const gone = isUnavailable(error) || !(await databaseAnswers(deps.db));
    request.log[gone ? 'warn' : 'error']({ err: error }, gone ? 'the database is not there' : 'a request failed');
    // What went wrong inside stays in the log.
    return fail(reply, gone ? 'unavailable' : 'internal');
  });
}

/**
 * Every request is counted and logged once: as answered, or as given up where the asker closed the connection first, for whom the
 * framework calls no `onResponse`. Those are the slowest of all.
 */
function tellRequests(app: FastifyInstance, { metrics }: StoreDeps): void {
  const told = new WeakSet<FastifyRequest>();
  const tell = (request: FastifyRequest, reply: FastifyReply, status: number | null) => {
    if (told.has(request)) return;
    told.add(request);
    const { principal, failureCode } = request;
    const route = request.routeOptions.url ?? null;
    metrics?.answered(route, status, reply.elapsedTime, failureCode);
    request.log.info(
      {
        method: request.method,
        route: route ?? 'none',
        status: status ?? undefined,
        code: failureCode ?? undefined,
        ms: Math.round(reply.elapsedTime),
        desk: principal?.deskId,
        account: principal?.accountId,
        device: principal?.deviceId,
      },
      status === null ? 'given up' : 'answered',
    );
  };
  app.addHook('onRequest', async (request, reply) => {
    // A stream of news ends by its reader's leaving, which is no news.
    if (request.routeOptions.url === POKE_ROUTE) return;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) tell(request, reply, null);
    });
  });
  app.addHook('onResponse', async (request, reply) => tell(request, reply, reply.statusCode));
}

/** The whole HTTP side of the store, over its dependencies; listens nowhere by itself. */
export async function createStoreApp(deps: StoreDeps, logger: FastifyBaseLogger | false): Promise<FastifyInstance> {
  const app = Fastify({
    ...(logger === false ? { logger: false } : { loggerInstance: logger }),
    // Whoever asks names the trace; a request that names none has one of its own.
    genReqId: ({ headers }) => traceIn(headers.traceparent) ?? randomBytes(16).toString('hex'),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'trace' }),
    bodyLimit: DEFAULT_BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 120_000,
    keepAliveTimeout: 75_000,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('failureCode', null);
  installFailures(app, deps);
  installGuard(app, deps);
  tellRequests(app, deps);
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } } });
  await app.register(swagger, {
    openapi: {
      info: { title: 'Chasqui ticket store', version: '1' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: createJsonSchemaTransform({}),
  });
  for (const routes of [healthRoutes, authRoutes, syncRoutes, pokeRoutes, blobRoutes]) await app.register(routes(deps));
  await app.ready();
  return app;
}
