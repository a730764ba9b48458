import { err, ok, type Result } from '../shared/result.ts';
import type { DeskSettings } from './desk-settings.ts';
import type { Asset } from './directory.ts';
import type { RemoteTool } from './vocabulary.ts';

/** What the host starts: a URL of a fixed template, or a file that it writes and opens. Never text from a ticket. */
export type LaunchPlan =
  | { readonly kind: 'url'; readonly url: string; readonly target: string }
  | { readonly kind: 'file'; readonly extension: 'rdp'; readonly content: string; readonly target: string };
export type LaunchRefusal = 'noAddress' | 'badAddress' | 'notConfigured';

/** Windows cuts longer ones. */
const URL_MAX = 2081;
const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]{2,39}\])`;
const hostPort = new RegExp(`^(${HOST})(?::([0-9]{1,5}))?$`, 'u');
const userHostPort = new RegExp(`^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@(${HOST})(?::([0-9]{1,5}))?$`, 'u');
const digits = (text: string, min: number, max: number): string | null => {
  const bare = text.replace(/[ -]/gu, '');
  return /^[0-9]+$/u.test(bare) && bare.length >= min && bare.length <= max ? bare : null;
};

function endpoint(text: string, defaultPort: number): { host: string; port: number } | null {
  const match = hostPort.exec(text);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  return match?.[1] !== undefined && port >= 1 && port <= 65_535 ? { host: match[1], port } : null;
}

/** The address of the device in a tool: its own entry, else host name or IP for tools that go by the network. */
export function remoteAddress(tool: RemoteTool, asset: Asset): string | null {
  const own = asset.remoteIds[tool];
  if (own !== undefined && own !== '') return own;
  return tool === 'rdp' || tool === 'vnc' ? (asset.hostName ?? asset.ip) : null;
}

export const toolsOf = (asset: Asset, tools: readonly RemoteTool[]): RemoteTool[] =>
  tools.filter((tool) => remoteAddress(tool, asset) !== null);

/** Builds what would be launched. Only the template and a validated address go in: no password, no option, no free text. */
export function remoteLaunch(
  tool: RemoteTool,
  asset: Asset,
  settings: DeskSettings['remote'],
): Result<LaunchPlan, LaunchRefusal> {
  const address = remoteAddress(tool, asset);
  if (address === null) return err('noAddress');
  const plan = planFor(tool, address, settings);
  if (typeof plan === 'string') return err(plan);
  return plan.kind === 'url' && plan.url.length > URL_MAX ? err('badAddress') : ok(plan);
}

function planFor(tool: RemoteTool, address: string, settings: DeskSettings['remote']): LaunchPlan | LaunchRefusal {
  switch (tool) {
    case 'rustdesk': {
      const id = digits(address, 6, 16);
      if (id === null) return 'badAddress';
      if (settings.rustdesk === null) return url(`rustdesk://${id}`, id);
      const { server, key } = settings.rustdesk;
      if (endpoint(server, 21_116) === null) return 'notConfigured';
      return url(`rustdesk://connect/${id}@${server}?key=${encodeURIComponent(key)}`, `${id}@${server}`);
    }
    case 'anydesk': {
      const id =
        digits(address, 9, 10) ??
        (/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}@[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/u.test(address) ? address : null);
      return id === null ? 'badAddress' : url(`anydesk:${id}`, id);
    }
    case 'teamviewer': {
      const id = digits(address, 8, 12);
      return id === null ? 'badAddress' : url(`teamviewer10://control?device=${id}`, id);
    }
    case 'rdp': {
      const to = endpoint(address, 3389);
      return to === null
        ? 'badAddress'
        : { kind: 'file', extension: 'rdp', content: rdpFile(to.host, to.port), target: `${to.host}:${to.port}` };
    }
    case 'vnc': {
      const to = endpoint(address, 5900);
      return to === null ? 'badAddress' : url(`vnc://${to.host}:${to.port}`, `${to.host}:${to.port}`);
    }
    case 'ssh': {
      const match = userHostPort.exec(address);
      const port = match?.[3] === undefined ? 22 : Number(match[3]);
      if (match === null || port < 1 || port > 65_535) return 'badAddress';
      return url(`ssh://${match[1]}@${match[2]}:${port}`, `${match[1]}@${match[2]}:${port}`);
    }
    case 'meshcentral': {
      if (settings.meshcentral === null || endpoint(settings.meshcentral.server, 443) === null) return 'notConfigured';
      if (!/^[A-Za-z0-9@$=/_+-]{8,128}$/u.test(address)) return 'badAddress';
      return url(
        `https://${settings.meshcentral.server}/?gotonode=${encodeURIComponent(address)}&viewmode=11`,
        settings.meshcentral.server,
      );
    }
  }
}

const url = (text: string, target: string): LaunchPlan => ({ kind: 'url', url: text, target });

/** Asks for credentials, shares nothing of the technician's PC. */
const rdpFile = (host: string, port: number): string =>
  [
    `full address:s:${host}:${port}`,
    'prompt for credentials:i:1',
    'authentication level:i:2',
    'redirectclipboard:i:1',
    'redirectdrives:i:0',
    'redirectprinters:i:0',
    'drivestoredirect:s:',
    '',
  ].join('\r\n');
