import { err, ok, type Result } from '../shared/result.ts';
import { type Command, commandSchemas, isCommandType } from './commands.ts';
import { isRefusalCode, type Refusal, refusal } from './refusals.ts';

/**
 * Checks and cleans a payload from outside. The cleaned text is what is saved and sent, so that what was shown is what
 * both databases hold. Errors: `invalid` or `tooLong` with the field, or the code that the schema names.
 */
export function parseCommand(type: string, payload: unknown): Result<Command, Refusal> {
  if (!isCommandType(type)) return err(refusal('invalid', { field: 'type' }));
  const parsed = commandSchemas[type].safeParse(payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') || type;
    if (issue?.code === 'custom' && isRefusalCode(issue.message)) {
      const maxBytes: unknown = issue.params?.['maxBytes'];
      return err(refusal(issue.message, typeof maxBytes === 'number' ? { field, maxBytes } : { field }));
    }
    return err(refusal('invalid', { field }));
  }
  // The schema was chosen by `type`, which TypeScript cannot follow through the indexed access.
  return ok({ type, payload: parsed.data } as Command);
}
