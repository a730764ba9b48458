/**
 * Traces, as W3C Trace Context writes them. The trace of an act is the id of its command: known when the act is saved, the same at
 * every try, and kept by the store with the command for ever. So one word is found in the console's log, in the store's, and in the
 * database, and nothing has to be kept beside it.
 */
export const traceOf = (commandId: string): string => commandId.replaceAll('-', '');

/** Value of the header `traceparent`. `span`: 16 hexadecimal digits, other ones for each request of the trace. */
export const traceparentOf = (trace: string, span: string): string => `00-${trace}-${span}-01`;

const form = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-|$)/u;

/** The trace that a `traceparent` names, of whatever version; null for none, and for one of another form. */
export function traceIn(header: string | readonly string[] | undefined): string | null {
  const trace = typeof header === 'string' ? form.exec(header)?.[1] : undefined;
  return trace === undefined || /^0+$/u.test(trace) ? null : trace;
}
