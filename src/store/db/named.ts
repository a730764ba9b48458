import { hash } from 'node:crypto';
import type { QueryConfig } from 'pg';

const names = new Map<string, string>();

/**
 * A statement of those that every push, pull and notice ask: parsed and planned once a connection and not at each asking, which
 * for the small ones is more than carrying them out. Its text must be one of few, whatever is asked: each is kept at the server. A
 * pooler between must know named statements (PgBouncer from 1.21 on, where `max_prepared_statements` is not 0).
 */
export function named(text: string, values: unknown[]): QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = `chasqui_${hash('sha256', text, 'hex').slice(0, 24)}`;
    names.set(text, name);
  }
  return { name, text, values };
}
