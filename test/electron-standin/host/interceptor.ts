import type { CdpSession, Json } from './cdp.ts';
import { record } from './recorder.ts';
import { fromBrowserUrl, isOwnScheme, mapPolicy, toBrowserUrl } from './scheme-map.ts';
import type { Session } from './session.ts';

type Header = { name: string; value: string };
type Paused = {
  requestId: string;
  frameId: string;
  resourceType: string;
  redirectedRequestId?: string;
  responseStatusCode?: number;
  responseErrorReason?: string;
  responseHeaders?: Header[];
  request: {
    url: string;
    urlFragment?: string;
    method: string;
    headers: { [name: string]: string };
    postData?: string;
    hasPostData?: boolean;
  };
};

/** Told of every document that a frame asks for, before anything is sent; false refuses it. */
export type DocumentGate = (frameId: string, url: string, isRedirect: boolean) => boolean;

/**
 * Stands in the way of every request of a window: documents pass the navigation gate, the app's own schemes are answered
 * by their handler, webRequest listeners see and change what they asked for.
 */
export async function installInterceptor(cdp: CdpSession, session: Session, gate: DocumentGate): Promise<void> {
  cdp.on('Fetch.requestPaused', (params: Json) => {
    const paused = params as Paused;
    const settle =
      paused.responseStatusCode === undefined && paused.responseErrorReason === undefined ? onRequest : onResponse;
    settle(cdp, session, gate, paused).catch((error: unknown) => {
      record('interceptor-error', { url: fromBrowserUrl(paused.request.url), error });
      cdp.send('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' }).catch(() => {});
    });
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Request' }] });
}

async function onRequest(cdp: CdpSession, session: Session, gate: DocumentGate, paused: Paused): Promise<void> {
  const { requestId, request } = paused;
  const url = fromBrowserUrl(request.url);
  const fail = (errorReason: string): Promise<Json> => cdp.send('Fetch.failRequest', { requestId, errorReason });
  if (
    paused.resourceType === 'Document' &&
    !gate(paused.frameId, url + (request.urlFragment ?? ''), paused.redirectedRequestId !== undefined)
  ) {
    await fail('Aborted');
    return;
  }
  const details = { url, method: request.method, resourceType: resourceType(paused.resourceType) };
  const answer = await session.webRequest.before(details);
  if (answer.cancel === true) {
    await fail('BlockedByClient');
    return;
  }
  if (answer.redirectURL !== undefined) {
    const responseHeaders = [{ name: 'Location', value: toBrowserUrl(answer.redirectURL) }];
    await cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders });
    return;
  }
  const headers = await session.webRequest.sending(details, request.headers);
  if (isOwnScheme(url.slice(0, url.indexOf(':')))) {
    await answerOwnScheme(cdp, session, paused, url, headers, details);
    return;
  }
  const interceptResponse = session.webRequest.wantsResponses;
  const changed =
    headers === request.headers ? {} : { headers: Object.entries(headers).map(([name, value]) => ({ name, value })) };
  await cdp.send('Fetch.continueRequest', { requestId, interceptResponse, ...changed });
}

async function onResponse(cdp: CdpSession, session: Session, _gate: DocumentGate, paused: Paused): Promise<void> {
  const { requestId, request, responseStatusCode = 0 } = paused;
  if (paused.responseErrorReason !== undefined) {
    await cdp.send('Fetch.continueRequest', { requestId });
    return;
  }
  const details = {
    url: fromBrowserUrl(request.url),
    method: request.method,
    resourceType: resourceType(paused.resourceType),
  };
  const headers = await session.webRequest.received(details, responseStatusCode, toLists(paused.responseHeaders ?? []));
  if (headers === undefined) await cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  else
    await cdp.send('Fetch.continueResponse', {
      requestId,
      responseCode: responseStatusCode,
      responseHeaders: toPairs(headers),
    });
}

async function answerOwnScheme(
  cdp: CdpSession,
  session: Session,
  paused: Paused,
  url: string,
  headers: { [name: string]: string },
  details: { url: string; method: string; resourceType: string },
): Promise<void> {
  const { requestId, request } = paused;
  const body = request.hasPostData === true ? await postData(cdp, paused) : undefined;
  const mapped = Object.entries(headers).map(([name, value]): [string, string] => [name, fromBrowserUrl(value)]);
  const made = new Request(url, { method: request.method, headers: mapped, ...(body === undefined ? {} : { body }) });
  const answering = session.protocol.answer(made);
  if (answering === undefined) {
    record('protocol-unhandled', { url });
    await cdp.send('Fetch.failRequest', { requestId, errorReason: 'NameNotResolved' });
    return;
  }
  const response = await answering;
  const lists = toLists([...response.headers].map(([name, value]) => ({ name, value })));
  const received = await session.webRequest.received(details, response.status, lists);
  if (received === undefined || response.type === 'error') {
    await cdp.send('Fetch.failRequest', {
      requestId,
      errorReason: received === undefined ? 'BlockedByClient' : 'Failed',
    });
    return;
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  if (paused.resourceType === 'Document') record('document', { url, status: response.status, headers: received });
  await cdp.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: toPairs(received).map(mapHeader),
    body: bytes.toString('base64'),
  });
}

async function postData(cdp: CdpSession, paused: Paused): Promise<string | undefined> {
  if (paused.request.postData !== undefined) return paused.request.postData;
  const got = await cdp.send<{ postData?: string }>('Network.getRequestPostData', { requestId: paused.requestId });
  return got.postData;
}

function mapHeader({ name, value }: Header): Header {
  const lower = name.toLowerCase();
  if (lower.startsWith('content-security-policy')) return { name, value: mapPolicy(value) };
  if (lower === 'location' || lower === 'access-control-allow-origin')
    return { name, value: toBrowserUrl(value).replace(/(?<=invalid)\/$/, '') };
  return { name, value };
}

function toLists(headers: readonly Header[]): { [name: string]: string[] } {
  const lists: { [name: string]: string[] } = {};
  for (const { name, value } of headers) lists[name] = [...(lists[name] ?? []), value];
  return lists;
}

function toPairs(headers: { [name: string]: string[] }): Header[] {
  return Object.entries(headers).flatMap(([name, values]) => values.map((value) => ({ name, value })));
}

function resourceType(type: string): string {
  const names: { readonly [type: string]: string } = {
    Document: 'mainFrame',
    Stylesheet: 'stylesheet',
    Script: 'script',
    Image: 'image',
    Font: 'font',
    XHR: 'xhr',
    Fetch: 'xhr',
    Ping: 'ping',
    Media: 'media',
    WebSocket: 'webSocket',
  };
  return names[type] ?? 'other';
}
