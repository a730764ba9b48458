import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { idSchema, ticketKindSchema, tierSchema } from '../../../domain/vocabulary.ts';
import { queueSorts, queueViewSchema } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { usePreferences } from '../../client/use-preferences.ts';
import { useSession } from '../../client/use-session.ts';
import { defaultSort, noFilters, useView } from '../../state/view-store.ts';

/** What of the screen is remembered for the person, in `preferences.view`. Unknown or older shapes fall back part by part. */
const rememberedSchema = z.object({
  view: queueViewSchema.nullable().catch(null),
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

/** Brings back view, filters, order and side bar, then writes every choice of them. */
export function useRememberedView(): void {
  const { client } = useConsole();
  const { save } = usePreferences();
  // Who works in no team begins with the whole of what they may see.
  const firstView = useSession().role === 'technician' ? 'team' : 'all';
  const restored = useRef(false);

  useEffect(() => {
    let current = true;
    // Asked for afresh: what the page still holds may be of the person before.
    void client.call('preferences.get', {}).then((answer) => {
      if (!current) return;
      const remembered = answer.ok ? rememberedSchema.safeParse(answer.value.view) : null;
      if (remembered?.success === true) {
        const { view, ...rest } = remembered.data;
        useView.setState({ ...rest, view: view ?? firstView });
      }
      restored.current = true;
    });
    return () => {
      current = false;
    };
  }, [client, firstView]);

  useEffect(() => {
    return useView.subscribe((state, before) => {
      // Emptied at a sign-out: from here on nothing is this person's choice.
      if (state.resets !== before.resets) restored.current = false;
      if (!restored.current) return;
      const { view, filters, sort, sideCollapsed } = state;
      if (
        view === before.view &&
        filters === before.filters &&
        sort === before.sort &&
        sideCollapsed === before.sideCollapsed
      )
        return;
      // At once: each is a choice of a person, seldom made, and the window may be closed right after it.
      void save({ view: { view, filters, sort, sideCollapsed } });
    });
  }, [save]);
}
