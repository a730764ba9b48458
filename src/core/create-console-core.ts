import type { ConsoleError, News } from '../protocol/console/client.ts';
import { type ConsoleMethod, consoleMethods } from '../protocol/console/methods.ts';
import { faultOf } from '../shared/fault.ts';
import { ok, type Result } from '../shared/result.ts';
import { type ActHandlers, type ActMethod, type CheckedParams, disjoint, isActMethod } from './act-methods.ts';
import type { CoreDeps } from './deps.ts';
import { failed } from './failures.ts';
import { actsFeature } from './features/acts/index.ts';
import { attachmentsFeature } from './features/attachments/index.ts';
import { connectionFeature } from './features/connection/index.ts';
import { draftsFeature } from './features/drafts/index.ts';
import { onlineFeature } from './features/online/index.ts';
import { outboxFeature } from './features/outbox/index.ts';
import { preferencesFeature } from './features/preferences/index.ts';
import { remoteFeature } from './features/remote/index.ts';
import { seenFeature } from './features/seen/index.ts';
import { sessionFeature } from './features/session/index.ts';
import { supportFeature } from './features/support/index.ts';
import { createNewsHub } from './news-hub.ts';
import { createOnlineShelf } from './online-shelf.ts';
import { type ActiveProfile, createProfileBook, describeActive } from './profile-book.ts';
import type { World } from './world.ts';

export type { CoreDeps } from './deps.ts';
export type { ActiveProfile } from './profile-book.ts';

export interface ConsoleCore {
  /** Opens the profiles and starts their sync. Errors: `profileInUse`, `cacheTooNew`; the caller then ends. */
  start(): Result<null, ConsoleError>;
  /**
   * Answers every method that the contract marks `runs: 'act'`; any other name is `badRequest`. Parameters are checked here.
   * An exception inside is a bug: it goes to the log and becomes `internal`.
   */
  handle(method: ConsoleMethod, params: unknown): Promise<Result<unknown, ConsoleError>>;
  /** A reader found the cache of this profile damaged. */
  cacheDamaged(profileId: string): void;
  onNews(listener: (news: News) => void): () => void;
  /** Whose cache the reader has to open; null: nobody is signed in. Ask again at every `session` and `connection` news. */
  active(): ActiveProfile | null;
  /** Ends sync and closes the files. Nothing that was saved depends on it. */
  stop(): Promise<void>;
}

export function createConsoleCore(deps: CoreDeps): ConsoleCore {
  const hub = createNewsHub(deps.log);
  const book = createProfileBook(deps, hub);
  const handlers = allHandlers({ deps, book, hub, online: createOnlineShelf() });
  function cacheDamaged(profileId: string): void {
    book
      .all()
      .find(({ id }) => id === profileId)
      ?.engine.cacheDamaged();
  }
  return {
    start: book.openAll,
    cacheDamaged,
    onNews: hub.listen,
    active: () => describeActive(book.active()),
    stop: book.stop,
    async handle(method, params) {
      if (!isActMethod(method)) return failed('badRequest', { reason: 'notHere' });
      const checked = consoleMethods[method].params.safeParse(params);
      if (!checked.success) return failed('badRequest', { reason: checked.error.issues[0]?.code ?? 'invalid' });
      try {
        return await dispatch(handlers, method, checked.data);
      } catch (error) {
        deps.log.write('error', 'methodThrew', { method, error: faultOf(error) });
        // What is asked next finds a sound cache, with the store or without it.
        for (const { id, files } of book.all()) if (files.cache.damaged()) cacheDamaged(id);
        return failed('internal');
      }
    },
  };
}

/** A method that no feature answers, or that two answer, does not compile. */
function allHandlers(world: World): ActHandlers {
  const first = disjoint(disjoint(sessionFeature(world), connectionFeature(world)), actsFeature(world));
  const second = disjoint(disjoint(outboxFeature(world), draftsFeature(world)), seenFeature(world));
  const third = disjoint(disjoint(remoteFeature(world), preferencesFeature(world)), onlineFeature(world));
  const fourth = disjoint(attachmentsFeature(world), supportFeature(world));
  return disjoint(disjoint(disjoint(first, second), third), fourth);
}

async function dispatch<M extends ActMethod>(
  handlers: ActHandlers,
  method: M,
  params: unknown,
): Promise<Result<unknown, ConsoleError>> {
  const handler: (params: CheckedParams<M>) => unknown = handlers[method];
  // Parsed by the schema of this very method, which TypeScript cannot follow through the indexed access.
  const answer = (await handler(params as CheckedParams<M>)) as Result<unknown, ConsoleError>;
  return answer.ok ? ok(answer.value) : answer;
}
