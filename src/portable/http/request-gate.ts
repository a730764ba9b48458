/** The one origin that this host serves: a random name, so that cookies and pages of other loopback programs never meet ours. */
export interface ServedOrigin {
  /** `<id>.localhost:<port>`, exactly what the Host header must say. */
  readonly host: string;
  /** `http://` + host. */
  readonly origin: string;
}

export const servedOrigin = (id: string, port: number): ServedOrigin => {
  const host = `${id}.localhost:${port}`;
  return { host, origin: `http://${host}` };
};

/**
 * - `page`: read by our own page or by typing the address.
 * - `launch`: the one page that a cross-site navigation may reach; static, holds no secret and obeys no parameter.
 * - `act`: changes something, or is the upgrade to the console's socket: the browser must name our own origin.
 * - `control`: another start on the same data folder, which is no browser.
 */
export type RouteKind = 'page' | 'launch' | 'act' | 'control';

export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
}

/** Whether a request may be looked at at all. Sessions and tokens are checked after this. */
export function admits(kind: RouteKind, facts: RequestFacts, served: ServedOrigin): boolean {
  if (facts.host !== served.host) return false;
  switch (kind) {
    case 'control':
      return facts.origin === undefined && facts.fetchSite === undefined && facts.fetchMode === undefined;
    case 'act':
      // Chromium sends no Sec-Fetch-Site with a WebSocket's handshake; Origin it always sends.
      return facts.origin === served.origin && (facts.fetchSite ?? 'same-origin') === 'same-origin';
    case 'launch':
      return originFits(facts, served) && (siteFits(facts) || isNavigation(facts));
    case 'page':
      return originFits(facts, served) && siteFits(facts);
  }
}

const originFits = (facts: RequestFacts, served: ServedOrigin) =>
  facts.origin === undefined || facts.origin === served.origin;

/** `none` is the person: the address typed, a reload. Only navigations have it. */
const siteFits = (facts: RequestFacts) =>
  facts.fetchSite === undefined ||
  facts.fetchSite === 'same-origin' ||
  (facts.fetchSite === 'none' && isNavigation(facts));

const isNavigation = (facts: RequestFacts) => facts.fetchMode === 'navigate';
