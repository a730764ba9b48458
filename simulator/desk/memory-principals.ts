import { principalOf } from '../../src/store/auth/load-principal.ts';
import type { Principal } from '../../src/store/auth/principal.ts';
import type { AccountRecord, DeskRecord, DeskState, DeviceRecord, DirectoryRecord } from './memory-state.ts';

interface Known {
  readonly desk: DeskRecord;
  readonly account: AccountRecord;
  readonly device: DeviceRecord;
  readonly directory: object;
  readonly principal: Principal;
}

/** The active teams of a person by active memberships, as the session's query finds them. */
function teamsOf(state: DeskState, personId: string): DirectoryRecord[] {
  const teams: DirectoryRecord[] = [];
  for (const record of state.directory.values()) {
    const row = record.doc.value;
    if (record.entity !== 'membership' || !('personId' in row) || !('teamId' in row)) continue;
    if (row.personId !== personId || !row.active) continue;
    const team = state.directory.get(row.teamId);
    if (team === undefined || !team.doc.value.active) continue;
    teams.push(team);
  }
  return teams;
}

/** Principals by the store's own rule, kept while nothing that they come from has changed. */
export function memoryPrincipals() {
  const known = new Map<string, Known>();
  return {
    of(state: DeskState, accountId: string, deviceId: string): Principal {
      const account = state.accounts.get(accountId);
      const device = state.devices.get(deviceId);
      if (account === undefined || device === undefined) throw new Error('there is no such account or device');
      const key = `${accountId} ${deviceId}`;
      const last = known.get(key);
      if (
        last !== undefined &&
        last.desk.settings === state.desk.settings &&
        last.account === account &&
        last.device === device &&
        last.directory === state.directoryAsOf
      ) {
        return last.principal;
      }
      const teams = teamsOf(state, account.personId);
      const principal = principalOf(key, {
        deskId: state.desk.id,
        settings: state.desk.settingsText,
        accountId,
        personId: account.personId,
        role: account.role,
        actOnBehalf: account.actOnBehalf,
        deviceId,
        revoked: device.revokedAt !== null || account.revokedAt !== null,
        grants: [...account.grants],
        teams: teams
          .map((record) => record.doc.value)
          .filter((row) => 'tier' in row)
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      });
      known.set(key, { desk: state.desk, account, device, directory: state.directoryAsOf, principal });
      return principal;
    },
  };
}
