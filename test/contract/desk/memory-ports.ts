import { createMemoryDesk, type MemoryDesk } from '../../../simulator/desk/memory-desk.ts';
import type { Gate } from '../../../simulator/desk/memory-transaction.ts';
import type { DeskPorts } from './rig.ts';
import { accounts, DESK, directory, EPOCH, SEAL_KEY, settings } from './world.ts';

/** The contract's world on the memory desk; `gate` may hold steps back. */
export function memoryPorts(gate?: Gate): DeskPorts & { readonly desk: MemoryDesk } {
  const desk = createMemoryDesk({ deskId: DESK, name: 'Mesa', epoch: EPOCH, sealKey: SEAL_KEY, settings });
  for (const changes of directory) desk.putDirectory(changes);
  for (const [at, account] of Object.values(accounts).entries()) {
    desk.putAccount({
      id: account.accountId,
      personId: account.personId,
      role: account.role,
      actOnBehalf: false,
      revokedAt: null,
      grants: account.siteIds.map((targetId) => ({ kind: 'site', targetId })),
    });
    desk.putDevice({
      id: account.deviceId,
      accountId: account.accountId,
      prefix: `K${at}`,
      revokedAt: null,
      wipedAt: null,
    });
  }
  return {
    desk,
    ...desk.connect(gate),
    putDirectory: async (changes) => desk.putDirectory(changes),
    async setGrants(who, { siteIds = [], teamIds = [] }) {
      const account = desk.state().accounts.get(accounts[who].accountId);
      if (account === undefined) throw new Error(`no account of ${who}`);
      const sites = siteIds.map((targetId) => ({ kind: 'site' as const, targetId }));
      const teams = teamIds.map((targetId) => ({ kind: 'team' as const, targetId }));
      desk.putAccount({ ...account, grants: [...sites, ...teams] });
    },
    async revokeDevice(deviceId, at) {
      const device = desk.state().devices.get(deviceId);
      if (device === undefined) throw new Error(`no device ${deviceId}`);
      desk.putDevice({ ...device, revokedAt: at });
    },
    principal: async (who) => desk.principal(accounts[who].accountId, accounts[who].deviceId),
    close: async () => undefined,
  };
}
