import { v7 } from 'uuid';
import type { QueueQuery } from '../../src/protocol/console/rows.ts';
import type { Spawned } from '../../test/console-process/spawn.ts';
import { wholeQueue } from '../../test/support/console/whole-queue.ts';
import { percentile, round, timed } from './figures.ts';

const SAMPLES = 400;
/** Filters asked between two changes, where changes come in. */
const SAMPLES_A_CHANGE = 4;

const base: QueueQuery = { ...wholeQueue, status: 'open' };
const views = ['all', 'team', 'mine', 'unassigned', 'tier1', 'senior', 'citizen'] as const;
const sorts = ['priority', 'registered', 'updated', 'number', 'subject', 'requester', 'site'] as const;
const words = [
  'planillas',
  'impresora',
  'ORA-12541',
  'carpeta compartida',
  'rosa',
  'GEN-2026',
  'fus',
  'correo adjuntos',
  'ñahui',
  'ventanilla constancias',
  'in',
  'se',
];

/** Milliseconds of each question. */
export interface QueueSamples {
  readonly filters: readonly number[];
  readonly amidChanges: readonly number[];
  readonly searches: readonly number[];
}

/**
 * Filters and sorts, and search as somebody types it, at a console that is offline. Every sample asks something else. Filters are
 * asked a second time while notes are added through the console, each on another ticket: then nothing worked out before holds any more.
 */
export async function askQueue(spawned: Spawned): Promise<QueueSamples> {
  const window = (query: QueueQuery) => spawned.call('queue.window', query);
  const filters: number[] = [];
  const amidChanges: number[] = [];
  const searches: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const [, ms] = await timed(() => window({ ...base, ...filterOf(i) }));
    filters.push(ms);
  }
  const open = await window({ ...base, limit: SAMPLES / SAMPLES_A_CHANGE });
  for (let i = 0; i < SAMPLES; i++) {
    if (i % SAMPLES_A_CHANGE === 0) {
      const ticket = open.rows[i / SAMPLES_A_CHANGE];
      if (ticket === undefined) throw new Error('too few open tickets to note on');
      await addNote(spawned, ticket.id, `cambio ${i}`);
    }
    const [, ms] = await timed(() => window({ ...base, ...filterOf(i) }));
    amidChanges.push(ms);
  }
  for (let i = 0; i < SAMPLES; i++) {
    const word = words[i % words.length] ?? '';
    const typed = word.slice(0, 2 + (i % Math.max(1, word.length - 1)));
    const text = `${typed} ${i % 3 === 0 ? (i % 90) + 10 : ''}`.trim();
    const [, ms] = await timed(() => window({ ...base, status: 'any', text }));
    searches.push(ms);
  }
  return { filters, amidChanges, searches };
}

export const queueFigures = ({ filters, amidChanges, searches }: QueueSamples) => ({
  samples: SAMPLES,
  filterP50Ms: round(percentile(filters, 0.5)),
  filterP95Ms: round(percentile(filters, 0.95)),
  filterAmidChangesP50Ms: round(percentile(amidChanges, 0.5)),
  filterAmidChangesP95Ms: round(percentile(amidChanges, 0.95)),
  searchP50Ms: round(percentile(searches, 0.5)),
  searchP95Ms: round(percentile(searches, 0.95)),
});

async function addNote({ call }: Spawned, ticketId: string, text: string): Promise<void> {
  const { results } = await call('acts.submit', {
    requestId: v7(),
    atomic: true,
    acts: [{ ticketId, type: 'addNote', payload: { visibility: 'internal', text } }],
    clearDraft: null,
  });
  if (results[0]?.ok !== true) throw new Error('the note was refused');
}

/** Never the same question twice in a row, and none that a kept answer of the one before could serve. */
function filterOf(i: number): Partial<QueueQuery> {
  const by = sorts[i % sorts.length] ?? 'priority';
  const view = views[(i * 3) % views.length] ?? 'all';
  const status = (['open', 'any', 'resolved', 'pending'] as const)[(i >> 2) % 4] ?? 'open';
  return {
    view,
    status,
    sort: { by, dir: i % 2 === 0 ? 'desc' : 'asc' },
    offset: (i % 40) * 25,
    kind: i % 5 === 0 ? 'incident' : null,
  };
}
