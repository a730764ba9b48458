import { err, ok, type Result } from '../../shared/result.ts';
import type { ConsoleError, ConsoleErrorCode, News } from './client.ts';
import { type ConsoleMethod, consoleMethods, isConsoleMethod } from './methods.ts';
import { fitsFrame } from './transport.ts';

/** Whatever answers the contract's methods on the host's side: the console process, or a part of the host. */
export interface ConsoleTarget {
  call(method: ConsoleMethod, params: unknown): Promise<Result<unknown, ConsoleError>>;
  onNews(listener: (news: News) => void): () => void;
}

export const consoleError = (code: ConsoleErrorCode, params: ConsoleError['params'] = {}): ConsoleError => ({
  code,
  params,
});

/**
 * Answers one call from outside: unknown names, oversized values and parameters that break the schema never reach the
 * target; a result that breaks it, or an exception, is `internal` and carries no stack.
 *
 * @param onBug told of what `internal` hides, for the log of the host.
 */
export async function answerCall(
  target: ConsoleTarget,
  method: string,
  params: unknown,
  onBug: (bug: unknown) => void = () => {},
): Promise<Result<unknown, ConsoleError>> {
  if (!isConsoleMethod(method)) return err(consoleError('badRequest', { reason: 'unknownMethod' }));
  if (!fitsFrame(params)) return err(consoleError('badRequest', { reason: 'tooLarge' }));
  const checked = consoleMethods[method].params.safeParse(params);
  if (!checked.success) return err(consoleError('badRequest', firstPlace(checked.error)));
  try {
    const answer = await target.call(method, checked.data);
    if (!answer.ok) return answer;
    const result = consoleMethods[method].result.safeParse(answer.value);
    if (result.success) return ok(result.data);
    onBug(result.error);
  } catch (bug) {
    onBug(bug);
  }
  return err(consoleError('internal'));
}

/** Where a value broke its schema; never the value. */
function firstPlace(error: { issues: readonly { path: readonly PropertyKey[]; code?: string | undefined }[] }) {
  const issue = error.issues[0];
  return { reason: issue?.code ?? 'invalid', path: (issue?.path ?? []).map(String).join('.').slice(0, 200) };
}
