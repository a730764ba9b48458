import type { SupportStates } from '../../../protocol/console/support-methods.ts';
import { CONSOLE_CONTRACT_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../../protocol/versions.ts';
import { faultOf } from '../../../shared/fault.ts';
import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import type { ProfileRuntime } from '../../profile-runtime.ts';
import type { World } from '../../world.ts';

type ProfileState = SupportStates['profiles'][number];

/** A file that cannot be read costs its own part of the report. */
function part<T extends object>(read: () => T): (T & { ok: true }) | { ok: false; fault: ReturnType<typeof told> } {
  try {
    return { ...read(), ok: true };
  } catch (error) {
    return { ok: false, fault: told(error) };
  }
}
const told = (error: unknown) => {
  const { name, code, at } = faultOf(error);
  return { name, code, at: [...at] };
};

const stateOf = (runtime: ProfileRuntime, active: boolean): ProfileState => ({
  profile: runtime.id.slice(0, 4),
  active,
  sync: part(() => {
    const { notices, ...connection } = runtime.engine.connection();
    return {
      connection,
      notices: notices.map(({ kind, at }) => ({ kind, at })),
      sessionAlive: runtime.keeper.alive(),
      handingIn: runtime.handingIn(),
      locked: runtime.locked(),
    };
  }),
  outbox: part(() => {
    const { outbox } = runtime.files;
    const { unanswered, owed, refused, parked, setAside } = outbox.counts();
    const counts = { unanswered, owed, refused, parked, setAside };
    const lastN = outbox.identity()?.lastN ?? null;
    return { ...counts, unreadable: outbox.unreadable().length, drafts: outbox.drafts().length, lastN };
  }),
  base: part(() => {
    const { epoch, cursor, schema, caughtUp, fill } = runtime.files.cache.meta();
    const filling = fill === null ? null : { entity: fill.entity, done: fill.done, total: fill.total };
    return { epoch, cursor, schema, caughtUp, fill: filling };
  }),
});

/** What support needs to know of sync: states and counts, nothing that anybody wrote. */
export function supportFeature({ deps, book }: World): Handlers<'support.states'> {
  return {
    'support.states'() {
      const active = book.active();
      const runtimes = [...book.all()].sort((a, b) => (a.id < b.id ? -1 : 1));
      return ok({
        at: deps.clock.now(),
        versions: { protocol: PROTOCOL_VERSION, schema: SCHEMA_VERSION, contract: CONSOLE_CONTRACT_VERSION },
        store: originOf(deps.store.storeUrl),
        profiles: runtimes.map((runtime) => stateOf(runtime, runtime === active)),
        farewells: deps.profiles.farewells().length,
      });
    },
  };
}

/** Scheme, host and port: a URL may carry a user and a password before its host. */
function originOf(url: string): string {
  const [, scheme = '', host = ''] = /^(https?):\/\/(?:[^/@]*@)?([\w.:[\]-]+)/u.exec(url) ?? [];
  return `${scheme}://${host.replace(/[[\]]/gu, '')}`;
}
