import type { z } from 'zod';
import type { ConsoleError } from '../protocol/console/client.ts';
import { type ConsoleMethod, type ConsoleResult, consoleMethods } from '../protocol/console/methods.ts';
import type { Result } from '../shared/result.ts';

/** Methods that the engine answers; queries are the reader's, host methods the host's. */
export type ActMethod = {
  [M in ConsoleMethod]: (typeof consoleMethods)[M]['runs'] extends 'act' ? M : never;
}[ConsoleMethod];
/** Parameters as a handler gets them: checked. */
export type CheckedParams<M extends ConsoleMethod> = z.output<(typeof consoleMethods)[M]['params']>;
export type Answer<M extends ConsoleMethod> = Result<ConsoleResult<M>, ConsoleError>;
export type Handlers<M extends ActMethod> = {
  readonly [K in M]: (params: CheckedParams<K>) => Answer<K> | Promise<Answer<K>>;
};
export type ActHandlers = Handlers<ActMethod>;

/** Joins two handler maps. A method in both does not compile: it asks for a value of type never. */
export const disjoint = <A extends object, B extends object>(
  a: A,
  b: B & { readonly [K in keyof A & keyof B]: never },
): A & B => ({
  ...a,
  ...b,
});

export const isActMethod = (method: ConsoleMethod): method is ActMethod => consoleMethods[method].runs === 'act';
