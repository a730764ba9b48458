import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import type { ConsoleClient } from '../../protocol/console/client.ts';
import { assert } from '../../shared/assert.ts';
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

export function useConsole(): ConsoleContextValue {
  const value = useContext(ConsoleContext);
  assert(value !== null, 'a screen stands outside ConsoleProvider');
  return value;
}
