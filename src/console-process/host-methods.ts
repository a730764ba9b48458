import type { ConsoleTarget } from '../protocol/console/answer-call.ts';
import { type ConsoleMethod, type ConsoleResult, consoleMethods } from '../protocol/console/methods.ts';
import { ok } from '../shared/result.ts';
import { externalUrl } from './external-url.ts';

/** What a host itself answers; everything else goes to the console process. */
export interface HostFacts {
  info(): ConsoleResult<'host.info'> | Promise<ConsoleResult<'host.info'>>;
  /** Given a checked, re-serialised address only. True when the system took it. */
  openExternal(url: string): Promise<boolean>;
}

/** The whole contract: the methods that run in the host answered by it, the others by the console process. */
export function withHostMethods(target: ConsoleTarget, host: HostFacts): ConsoleTarget {
  return {
    async call(method: ConsoleMethod, params: unknown) {
      switch (method) {
        case 'host.info':
          return ok(await host.info());
        case 'host.openExternal': {
          const url = externalUrl(consoleMethods[method].params.parse(params).url);
          return ok({ opened: url !== null && (await host.openExternal(url)) });
        }
        default:
          return target.call(method, params);
      }
    },
    onNews: (listener) => target.onNews(listener),
  };
}
