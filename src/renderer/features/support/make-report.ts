import type { ConsoleClient, ConsoleError } from '../../../protocol/console/client.ts';
import type { ConsoleMethod, ConsoleResult } from '../../../protocol/console/methods.ts';
import { CONSOLE_CONTRACT_VERSION } from '../../../protocol/versions.ts';
import type { Result } from '../../../shared/result.ts';

/** A part of the console that gave its share, or the code of why it did not. */
type Part<M extends ConsoleMethod> =
  | { readonly ok: true; readonly told: ConsoleResult<M> }
  | { readonly ok: false; readonly code: string };

/** What a person hands to support: the shares of host, engine and reader, and what the page knows of itself. */
export interface SupportReport {
  /** Of this form; a reader of reports asks for it first. */
  readonly form: 1;
  readonly madeAt: string;
  readonly page: {
    readonly contract: number;
    readonly browser: string;
    readonly language: string;
    readonly theme: string;
    readonly width: number;
    readonly height: number;
    readonly pixelRatio: number;
  };
  readonly host: Part<'host.info'>;
  readonly states: Part<'support.states'>;
  readonly files: Part<'support.files'>;
}

/** A thread that hangs is part of what support wants to know. */
const WAIT_MS = 10_000;

async function answerOf<M extends ConsoleMethod>(
  call: Promise<Result<ConsoleResult<M>, ConsoleError>>,
): Promise<Part<M>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS, null);
  });
  const answer = await Promise.race([call, late]);
  clearTimeout(timer);
  if (answer === null) return { ok: false, code: 'noAnswer' };
  return answer.ok ? { ok: true, told: answer.value } : { ok: false, code: answer.error.code };
}

/** Never fails: whatever does not answer is named in the report. */
export async function makeReport(client: ConsoleClient, now = new Date()): Promise<SupportReport> {
  const [host, states, files] = await Promise.all([
    answerOf<'host.info'>(client.call('host.info', {})),
    answerOf<'support.states'>(client.call('support.states', {})),
    answerOf<'support.files'>(client.call('support.files', {})),
  ]);
  const { lang, dataset } = document.documentElement;
  return {
    form: 1,
    madeAt: now.toISOString(),
    page: {
      contract: CONSOLE_CONTRACT_VERSION,
      browser: navigator.userAgent,
      language: lang,
      theme: dataset['theme'] ?? 'light',
      width: window.innerWidth,
      height: window.innerHeight,
      pixelRatio: window.devicePixelRatio,
    },
    host,
    states,
    files,
  };
}
