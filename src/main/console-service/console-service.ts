import type { MessagePortMain, UtilityProcess } from 'electron';
import type { News } from '../../protocol/console/client.ts';
import { type Gets, type Gives, type HostCall, hostCalls, type ToService, toMainSchema } from './wire.ts';

export type HostAnswers = { [C in HostCall]: (argument: Gives<C>) => Promise<Gets<C>> };

interface ServiceDeps {
  fork(): UtilityProcess;
  readonly start: Omit<Extract<ToService, { kind: 'start' }>, 'kind'>;
  readonly host: HostAnswers;
  /** It ended without being asked to. `message` is what it said last, `code` why it refused to start, else null. */
  onGone(message: string, code: string | null): void;
  onBug(message: string): void;
}

export interface ConsoleService {
  /** Serves the contract on a port: to the page, or to main itself. */
  attach(line: 'page' | 'main', port: MessagePortMain): void;
  /** News of the host to the page; kept until a page listens. */
  tell(news: News): void;
  /** Drains the workers and ends the process; resolves when it is gone, after `limitMs` at the latest. */
  stop(limitMs: number): Promise<void>;
}

/** Main's side of the utility process that runs the console. */
export function startConsoleService(deps: ServiceDeps): ConsoleService {
  const child = deps.fork();
  const post = (message: ToService, ports: MessagePortMain[] = []) => child.postMessage(message, ports);
  let stopping = false;
  let lastWords = 'the console process ended';
  let refusal: string | null = null;
  let gone = () => {};
  const ended = new Promise<void>((resolve) => {
    gone = resolve;
  });

  async function answer(id: number, call: HostCall, argument: unknown): Promise<void> {
    const value = await answerHostCall(deps.host, call, argument);
    post({ kind: 'hostAnswer', id, ok: value !== undefined, value: value ?? null });
  }

  child.on('message', (raw: unknown) => {
    const message = toMainSchema.safeParse(raw);
    if (!message.success) return;
    switch (message.data.kind) {
      case 'hostCall':
        answer(message.data.id, message.data.call, message.data.argument).catch((bug: unknown) =>
          deps.onBug(String(bug)),
        );
        return;
      case 'failed':
        lastWords = message.data.message;
        refusal = message.data.code;
        return;
      case 'bug':
        deps.onBug(message.data.message);
        return;
      case 'stopped':
        child.kill();
        return;
      case 'started':
    }
  });
  child.on('exit', () => {
    gone();
    if (!stopping) deps.onGone(lastWords, refusal);
  });
  post({ kind: 'start', ...deps.start });

  return {
    attach: (line, port) => post({ kind: 'attach', line }, [port]),
    tell: (news) => post({ kind: 'tell', news }),
    async stop(limitMs) {
      stopping = true;
      post({ kind: 'stop' });
      const limit = setTimeout(() => child.kill(), limitMs);
      await ended;
      clearTimeout(limit);
    },
  };
}

/** Undefined when the argument breaks its schema or the host fails: the service then hears `ok: false`. */
async function answerHostCall(host: HostAnswers, call: HostCall, argument: unknown): Promise<unknown> {
  const run = async <C extends HostCall>(name: C): Promise<unknown> => {
    const given = hostCalls[name].gives.safeParse(argument);
    // The schema of this very call has just parsed it.
    return given.success ? host[name](given.data as Gives<C>) : undefined;
  };
  return run(call).then(
    // null is an answer (`reveal`); the wire keeps it apart by `ok`.
    (value) => value,
    () => undefined,
  );
}
