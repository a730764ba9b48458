import { useCallback } from 'react';
import type { CommandPayloads, CommandType } from '../../domain/commands.ts';
import type { ActResult, ConsoleParams } from '../../protocol/console/methods.ts';
import { useTranslation } from '../i18n/use-translation.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ticketUi } from '../state/ticket-ui.ts';
import { useConsole } from './console-provider.tsx';

/** One act as the screens write it: the payload belongs to the type. */
export type Act = {
  [T in CommandType]: { readonly ticketId: string; readonly type: T; readonly payload: CommandPayloads[T] };
}[CommandType];

/** Saved in the outbox, or why not, in words for the person. */
export type ActOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

interface ActOptions {
  /** The draft that this act uses up, as the screen had it. */
  readonly clearDraft?: ConsoleParams<'acts.submit'>['clearDraft'];
  /** Names by id for the words of a refusal. */
  readonly names?: Readonly<Record<string, string>>;
  /** Keep one for each intent, so that sending again cannot write twice; without it every call is an intent of its own. */
  readonly requestId?: string;
}

export const newRequestId = (): string => crypto.randomUUID();

/** Writes acts. `act`: one. `actAll`: one thing done, whatever acts it takes. `actMany`: each with its own result. */
export function useAct() {
  const { client } = useConsole();
  const { language } = useTranslation();
  const words = useWords();

  const actMany = useCallback(
    async (
      acts: readonly Act[],
      options: ActOptions & { readonly atomic: boolean },
    ): Promise<readonly ActResult[] | string> => {
      const answer = await client.call('acts.submit', {
        requestId: options.requestId ?? newRequestId(),
        atomic: options.atomic,
        acts: acts.map(({ ticketId, type, payload }) => ({ ticketId, type, payload })),
        clearDraft: options.clearDraft ?? null,
      });
      return answer.ok ? answer.value.results : words.error(answer.error);
    },
    [client, words],
  );

  /** All or none, in one write. */
  const actAll = useCallback(
    async (acts: readonly Act[], options: ActOptions = {}): Promise<ActOutcome> => {
      const results = await actMany(acts, { ...options, atomic: true });
      if (typeof results === 'string') return { ok: false, message: results };
      const failed = results.find((result) => !result.ok);
      if (failed !== undefined && !failed.ok)
        return { ok: false, message: words.refusal(failed.refusal, options.names) };
      for (const { ticketId, type } of acts) {
        const replaced = ticketUi.takeEdited(ticketId, type);
        if (replaced !== null) await client.call('outbox.dismiss', { commandId: replaced });
      }
      return { ok: true };
    },
    [actMany, client, words],
  );
  const act = useCallback((one: Act, options: ActOptions = {}) => actAll([one], options), [actAll]);
  return { act, actAll, actMany, language };
}
