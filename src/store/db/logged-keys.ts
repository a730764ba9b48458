import { z } from 'zod';
import { scopeKeysSchema } from '../../domain/scope.ts';
import type { LoggedKeys } from '../changes/change-reads.ts';

const loggedKeysSchema = scopeKeysSchema.extend({ closed: z.boolean() });

/** Keys as the log keeps them; many rows have the same. */
export function loggedKeysOf(): (json: string | null) => LoggedKeys | null {
  const known = new Map<string, LoggedKeys>();
  return (json) => {
    if (json === null) return null;
    let keys = known.get(json);
    if (keys === undefined) {
      keys = loggedKeysSchema.parse(JSON.parse(json));
      known.set(json, keys);
    }
    return keys;
  };
}
