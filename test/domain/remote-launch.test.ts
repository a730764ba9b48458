import { describe, expect, it } from 'vitest';
import type { Asset } from '../../src/domain/directory.ts';
import { remoteLaunch } from '../../src/domain/remote-launch.ts';
import type { RemoteTool } from '../../src/domain/vocabulary.ts';
import { uuid } from '../support/world.ts';

const none = { rustdesk: null, meshcentral: null };
const asset = (remoteIds: Asset['remoteIds'], extra: Partial<Asset> = {}): Asset => ({
  id: uuid(1),
  version: 1,
  active: true,
  tag: '1',
  hostName: null,
  ip: null,
  model: null,
  personId: null,
  siteId: null,
  remoteIds,
  ...extra,
});

describe('R12 remote sessions', () => {
  it.each<[RemoteTool, string, string]>([
    ['rustdesk', '123 456 789', 'rustdesk://123456789'],
    ['anydesk', '987654321', 'anydesk:987654321'],
    ['anydesk', 'pc-01@ad', 'anydesk:pc-01@ad'],
    ['teamviewer', '123456789', 'teamviewer10://control?device=123456789'],
    ['vnc', '10.21.3.44', 'vnc://10.21.3.44:5900'],
    ['vnc', '[fe80::1]:5901', 'vnc://[fe80::1]:5901'],
    ['ssh', 'soporte@srv-01.local:2222', 'ssh://soporte@srv-01.local:2222'],
  ])('%s at %s starts %s', (tool, address, url) => {
    expect(remoteLaunch(tool, asset({ [tool]: address }), none)).toMatchObject({
      ok: true,
      value: { kind: 'url', url },
    });
  });

  it('RDP is a file that asks for the password and shares no drive', () => {
    const plan = remoteLaunch('rdp', asset({}, { hostName: 'PUNO-INS-014' }), none);
    expect(plan).toMatchObject({ ok: true, value: { kind: 'file', extension: 'rdp' } });
    if (plan.ok && plan.value.kind === 'file') {
      expect(plan.value.content).toContain('full address:s:PUNO-INS-014:3389');
      expect(plan.value.content).toContain('prompt for credentials:i:1');
      expect(plan.value.content).not.toMatch(/password/iu);
    }
  });

  it('self-hosted servers come from the desk, never from the device', () => {
    const servers = { rustdesk: { server: 'rd.example.pe', key: 'a+b=' }, meshcentral: { server: 'mesh.example.pe' } };
    expect(remoteLaunch('rustdesk', asset({ rustdesk: '123456789' }), servers)).toMatchObject({
      value: { url: 'rustdesk://connect/123456789@rd.example.pe?key=a%2Bb%3D' },
    });
    expect(remoteLaunch('meshcentral', asset({ meshcentral: 'node//x@$=ABCDEFGH' }), servers)).toMatchObject({
      value: { url: 'https://mesh.example.pe/?gotonode=node%2F%2Fx%40%24%3DABCDEFGH&viewmode=11' },
    });
    expect(remoteLaunch('meshcentral', asset({ meshcentral: 'node//ABCDEFGH' }), none)).toEqual({
      ok: false,
      error: 'notConfigured',
    });
  });

  it.each<[RemoteTool, string]>([
    ['rustdesk', 'password/x'],
    ['rustdesk', '123456789?password=x'],
    ['rustdesk', 'config/evil'],
    ['anydesk', 'register-license'],
    ['teamviewer', '1&authorization=x'],
    ['rdp', 'host\r\nalternate shell:s:cmd'],
    ['rdp', '-v:host'],
    ['vnc', 'host:0'],
    ['vnc', 'host/?VncPassword=x'],
    ['ssh', '-oProxyCommand=x@host'],
    ['ssh', 'user@-host'],
    ['ssh', 'user:secret@host'],
    ['meshcentral', 'x&login=abcdefgh'],
  ])('%s refuses the address %j', (tool, address) => {
    const servers = { rustdesk: null, meshcentral: { server: 'mesh.example.pe' } };
    expect(remoteLaunch(tool, asset({ [tool]: address }), servers)).toEqual({ ok: false, error: 'badAddress' });
  });

  it('a device with no address in a tool cannot be reached by it', () => {
    expect(remoteLaunch('anydesk', asset({}), none)).toEqual({ ok: false, error: 'noAddress' });
  });
});
