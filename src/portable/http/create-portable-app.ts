import fastifyCookie from '@fastify/cookie';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ConsoleTarget } from '../../protocol/console/answer-call.ts';
import { pageHeaders } from '../../protocol/console/page-policy.ts';
import { servePort } from '../../protocol/console/port-server.ts';
import { type ControlDesk, controlRequestSchema } from './control.ts';
import { launchPage, launchScript, launchStyle, noSessionPage } from './launch-page.ts';
import type { LaunchTokens } from './launch-tokens.ts';
import type { RendererFiles } from './renderer-files.ts';
import { admits, type RouteKind, type ServedOrigin } from './request-gate.ts';
import { socketTransport } from './socket-transport.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    kind?: RouteKind;
    /** Answers without a session: the way in. */
    open?: boolean;
  }
}

export interface PortableAppDeps {
  readonly id: string;
  /** Known only once the socket listens; nothing is answered before. */
  served(): ServedOrigin | null;
  readonly tokens: LaunchTokens;
  readonly control: ControlDesk;
  readonly files: RendererFiles;
  readonly target: ConsoleTarget;
  onBug(bug: unknown): void;
}

/** Text of 4 M units may take six bytes a unit as JSON; the contract's own bound refuses with a typed error below this. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const launchBodySchema = z.strictObject({ token: z.string().min(1).max(200) });

/** The loopback host's whole surface. Every route, found or not, passes the gate and, but for the way in, needs a session. */
export async function createPortableApp(deps: PortableAppDeps): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: 8 * 1024, exposeHeadRoutes: false });
  await app.register(fastifyCookie);
  await app.register(fastifyWebsocket, { options: { maxPayload: MAX_MESSAGE_BYTES } });

  app.addHook('onRequest', async (request, reply) => {
    const served = deps.served();
    reply.headers(pageHeaders(served === null ? [] : [`ws://${served.host}`]));
    const kind = request.routeOptions.config.kind ?? 'act';
    if (served === null || !admits(kind, factsOf(request), served)) return reply.code(403).send({ error: 'forbidden' });
    if (request.routeOptions.config.open === true || deps.tokens.holds(sessionOf(request, deps) ?? '')) return;
    if (kind === 'page') return reply.code(401).type('text/html; charset=utf-8').send(noSessionPage);
    return reply.code(401).send({ error: 'noSession' });
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = z.object({ statusCode: z.int().min(400).max(499) }).safeParse(error);
    if (!status.success) deps.onBug(error);
    return reply.code(status.success ? status.data.statusCode : 500).send({ error: 'failed' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'notFound' }));

  const wayIn = { kind: 'launch', open: true } as const;
  app.get('/launch', { config: wayIn }, (_request, reply) => html(reply, launchPage));
  const part = { kind: 'page', open: true } as const;
  app.get('/launch.js', { config: part }, (_request, reply) => reply.type('text/javascript').send(launchScript));
  app.get('/launch.css', { config: part }, (_request, reply) => reply.type('text/css').send(launchStyle));
  app.post('/launch', { config: { kind: 'act', open: true } }, (request, reply) => {
    const body = launchBodySchema.safeParse(request.body);
    const session = body.success ? deps.tokens.redeem(body.data.token) : null;
    if (session === null) return reply.code(401).send({ error: 'launchLinkUsed' });
    reply.setCookie(cookieName(deps), session, { httpOnly: true, sameSite: 'strict', path: '/' });
    return reply.code(204).send();
  });
  app.post('/control', { config: { kind: 'control', open: true } }, (request, reply) => {
    const body = controlRequestSchema.safeParse(request.body);
    const answer = body.success ? deps.control.answer(body.data) : null;
    return answer === null ? reply.code(403).send({ error: 'forbidden' }) : reply.send(answer);
  });
  app.get('/console', { config: { kind: 'act' }, websocket: true }, (socket) => {
    servePort(socketTransport(socket), deps.target, deps.onBug);
  });
  app.get('/*', { config: { kind: 'page' } }, (request, reply) => {
    const file = deps.files.find(request.url);
    return file === null ? reply.callNotFound() : reply.type(file.contentType).send(file.content);
  });
  return app;
}

const html = (reply: FastifyReply, page: string) => reply.type('text/html; charset=utf-8').send(page);

function factsOf(request: FastifyRequest) {
  const { host, origin } = request.headers;
  return { host, origin, fetchSite: header(request, 'sec-fetch-site'), fetchMode: header(request, 'sec-fetch-mode') };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join() : value;
}

/** Cookies ignore ports, so the name carries this run: two consoles of one PC never overwrite each other's. */
const cookieName = (deps: PortableAppDeps) => `chasqui-${deps.id}-${deps.served()?.host.split(':')[1] ?? ''}`;
const sessionOf = (request: FastifyRequest, deps: PortableAppDeps) => request.cookies[cookieName(deps)];
