import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { idSchema, ticketKindSchema, tierSchema } from '../../../domain/vocabulary.ts';
import { queueSorts, queueViewSchema } from '../../../protocol/console/rows.ts';
import { usePreferences } from '../../client/use-preferences.ts';
import { defaultSort, noFilters, useView } from '../../state/view-store.ts';

/** What of the screen is remembered for the person, in `preferences.view`. Unknown or older shapes fall back part by part. */
const rememberedSchema = z.object({
  view: queueViewSchema.catch('team'),
  filters: z
    .object({
      status: z.enum(['open', 'pending', 'resolved', 'closed', 'any']),
      siteId: idSchema.nullable(),
      tier: tierSchema.nullable(),
      kind: ticketKindSchema.nullable(),
      teamId: idSchema.nullable(),
      assigneeId: idSchema.nullable(),
    })
    .catch(noFilters),
  sort: z.object({ by: z.enum(queueSorts), dir: z.enum(['asc', 'desc']) }).catch(defaultSort),
  sideCollapsed: z.boolean().nullable().catch(null),
});

const SAVE_AFTER_MS = 800;

/** Brings back view, filters, order and side bar, then writes them whenever they rest. */
export function useRememberedView(): void {
  const { preferences, save } = usePreferences();
  const restored = useRef(false);

  useEffect(() => {
    if (restored.current || preferences === undefined) return;
    restored.current = true;
    const remembered = rememberedSchema.safeParse(preferences.view);
    if (remembered.success) useView.setState(remembered.data);
  }, [preferences]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = useView.subscribe((state, before) => {
      if (!restored.current) return;
      const { view, filters, sort, sideCollapsed } = state;
      if (
        view === before.view &&
        filters === before.filters &&
        sort === before.sort &&
        sideCollapsed === before.sideCollapsed
      )
        return;
      clearTimeout(timer);
      timer = setTimeout(() => void save({ view: { view, filters, sort, sideCollapsed } }), SAVE_AFTER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [save]);
}
