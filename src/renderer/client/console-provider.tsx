import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { ConsoleClient } from '../../protocol/console/client.ts';
import { assert } from '../../shared/assert.ts';
import { askedClient } from './asked-client.ts';
import { createQueryCache, type QueryCache } from './query-cache.ts';

interface ConsoleContextValue {
  readonly client: ConsoleClient;
  readonly cache: QueryCache;
}

const ConsoleContext = createContext<ConsoleContextValue | null>(null);

export function ConsoleProvider({
  client,
  children,
}: {
  readonly client: ConsoleClient;
  readonly children: ReactNode;
}) {
  const value = useMemo(() => ({ client, cache: createQueryCache(client) }), [client]);
  useEffect(() => () => value.cache.close(), [value]);
  return <ConsoleContext value={value}>{children}</ConsoleContext>;
}

/** Below it every act is asked for by that person; the answers of queries stay those of the console. */
export function AskedBy({ personId, children }: { readonly personId: string; readonly children: ReactNode }) {
  const { client, cache } = useConsole();
  const value = useMemo(() => ({ client: askedClient(client, personId), cache }), [client, cache, personId]);
  return <ConsoleContext value={value}>{children}</ConsoleContext>;
}

export function useConsole(): ConsoleContextValue {
  const value = useContext(ConsoleContext);
  assert(value !== null, 'a screen stands outside ConsoleProvider');
  return value;
}
