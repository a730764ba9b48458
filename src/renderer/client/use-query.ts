import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import type { ConsoleMethod, ConsoleParams, ConsoleResult } from '../../protocol/console/methods.ts';
import { useConsole } from './console-provider.tsx';
import type { NewsView, Query, QueryState } from './query-cache.ts';

export interface QueryView<T> extends QueryState<T> {
  readonly refresh: () => void;
}

const off: QueryState<never> = { data: undefined, error: null, loading: false };
const noListen = () => () => {};

/**
 * The answer to a query, pulled again at news of `views`. Null params: not asked.
 * `keep` shows the last answer of the earlier parameters until the new one comes: for lists and searches, never for one
 * thing whose acts would then hit another.
 */
export function useQuery<M extends ConsoleMethod>(
  method: M,
  params: ConsoleParams<M> | null,
  views: readonly NewsView[],
  options: { readonly keep?: boolean } = {},
): QueryView<ConsoleResult<M>> {
  const query = useCached(method, params, views);
  const state = useSyncExternalStore<QueryState<ConsoleResult<M>>>(
    query?.listen ?? noListen,
    query?.get ?? (() => off),
  );
  const kept = useRef<ConsoleResult<M> | undefined>(undefined);
  if (state.data !== undefined) kept.current = state.data;
  const refresh = useCallback(() => void query?.pull(), [query]);
  // Null is an answer: there is none.
  const data = state.data !== undefined || options.keep !== true || params === null ? state.data : kept.current;
  return { data, error: state.error, loading: state.loading, refresh };
}

/**
 * A plain value out of an answer. Whoever looks at that alone is not drawn again when the rest of the answer changes: a first fill
 * changes how far it is for every page.
 */
export function useQueryPart<M extends ConsoleMethod, T extends string | number | boolean | null | undefined>(
  method: M,
  params: ConsoleParams<M>,
  views: readonly NewsView[],
  part: (answer: ConsoleResult<M> | undefined) => T,
): T {
  const query = useCached(method, params, views);
  return useSyncExternalStore(query?.listen ?? noListen, () => part(query?.get().data));
}

function useCached<M extends ConsoleMethod>(
  method: M,
  params: ConsoleParams<M> | null,
  views: readonly NewsView[],
): Query<ConsoleResult<M>> | null {
  const { cache } = useConsole();
  const key = params === null ? null : JSON.stringify(params);
  const viewsKey = views.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: params and views are compared by their JSON
  return useMemo(() => (params === null ? null : cache.query(method, params, views)), [cache, method, key, viewsKey]);
}
