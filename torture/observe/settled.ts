import type { CacheMeta } from '../../src/core/ports/cache.ts';
import { differingGroups, groupDigests } from '../../src/core/sync/digest-compare.ts';
import { createStoreClient } from '../../src/platform-node/store-client/create-store-client.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/versions.ts';
import type { Machine } from '../console/machine.ts';
import { PASSWORD } from '../desk/organise.ts';
import type { Ledger } from './ledger.ts';

export interface Head {
  readonly head: number;
  readonly epoch: string;
}
const nothingTouched = { tickets: new Set<string>(), directory: new Set<never>() };

/** SY10, SY4: what each console still lacks of being where the store is, in words; null: nothing. */
export interface Settlement {
  lacks(machine: Machine, at: Head): Promise<string | null>;
  close(): Promise<void>;
}

/**
 * Looks from outside: at the files of a console, and at the store through a session of its person's on a device of the harness.
 */
export function createSettlement(storeUrl: string, ledger: Ledger): Settlement {
  const client = createStoreClient(storeUrl);
  const sessions = new Map<string, { token: string; scopeVersion: string }>();

  async function sessionOf(user: string) {
    const known = sessions.get(user);
    if (known !== undefined) return known;
    const signedIn = await client.signIn({ user, password: PASSWORD, deviceId: null, deviceName: 'harness' });
    if (!signedIn.ok) return null;
    const { accessToken, session } = signedIn.value;
    const made = { token: accessToken, scopeVersion: session.scopeVersion };
    sessions.set(user, made);
    return made;
  }

  async function digestsDiffer(machine: Machine, meta: CacheMeta): Promise<string | null> {
    const session = await sessionOf(machine.user);
    if (session === null || meta.epoch === null || meta.cursor === null) return 'the store takes no sign-in';
    const at = { epoch: meta.epoch, cursor: meta.cursor, logHash: meta.logHash ?? undefined };
    const { token, scopeVersion } = session;
    const answer = await client.digest(token, { protocol: PROTOCOL_VERSION, ...at, scopeVersion });
    if (!answer.ok) {
      sessions.delete(machine.user);
      return `the store gives no digests: ${answer.error.kind}`;
    }
    const local = groupDigests((await machine.read('digests')) ?? []);
    const groups = differingGroups(local, answer.value, nothingTouched);
    const moving = answer.value.moving.length + answer.value.movingDirectory.length;
    const differ = groups.buckets.length + groups.directory.length;
    if (differ > 0) return `${differ} digests differ: ${[...groups.buckets, ...groups.directory].join(' ')}`;
    return moving > 0 ? `${moving} digests are moving` : null;
  }

  return {
    async lacks(machine, { head, epoch }) {
      if (!machine.up()) return 'it is not running';
      const answer = await machine.call('connection.get', {});
      if (!answer?.result.ok) return 'it does not answer';
      const { state } = answer.result.value;
      if (state !== 'online') return `it is ${state}`;
      const open = ((await machine.read('outbox')) ?? []).filter(
        (line) => (line.outcome === null || line.owed) && !(ledger.isSpoilt(line.id) && !line.readable),
      );
      if (open.length > 0) return `${open.length} of its commands are not answered, ${open[0]?.id} (${open[0]?.state})`;
      const meta = await machine.read('standing');
      if (meta === null || meta.cursor !== head || meta.epoch !== epoch || !meta.caughtUp)
        return `its base stands at ${meta?.cursor} of ${head}${meta?.epoch === epoch ? '' : ' in another epoch'}`;
      return digestsDiffer(machine, meta);
    },
    async close() {
      client.close();
    },
  };
}
