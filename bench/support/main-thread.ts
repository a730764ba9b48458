import { z } from 'zod';

const eventSchema = z.object({
  ph: z.string(),
  name: z.string(),
  pid: z.int(),
  tid: z.int(),
  ts: z.number().optional(),
  dur: z.number().optional(),
  /** Of `dur`, what the thread itself ran: without the time in which the machine ran something else. */
  tdur: z.number().optional(),
  args: z.object({ name: z.string().optional() }).loose().optional(),
});
const traceSchema = z.object({ traceEvents: z.array(eventSchema) });

export interface MainThread {
  /** Tasks of the page's main thread, in milliseconds each, in their order. */
  readonly tasks: readonly number[];
  /** What each of the same tasks ran of its time: on a busy machine the rest is waiting for a processor. */
  readonly ran: readonly number[];
  readonly spanMs: number;
}

/** Categories that a trace must have for `mainThreadOf`. */
export const TRACED = ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'];

/**
 * What the busiest renderer of a Chromium trace did on its main thread: everything between two looks at its queue of tasks, which is
 * how long a click or a frame had to wait.
 */
export function mainThreadOf(trace: Buffer): MainThread {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')));
  const threads = traceEvents.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain');
  const tasksOf = threads.map(({ pid, tid }) =>
    traceEvents.filter(
      (event) => event.ph === 'X' && event.name === 'RunTask' && event.pid === pid && event.tid === tid,
    ),
  );
  const whole = (tasks: readonly { dur?: number | undefined }[]) => tasks.reduce((sum, { dur }) => sum + (dur ?? 0), 0);
  const busiest = tasksOf.toSorted((a, b) => whole(b) - whole(a))[0];
  if (busiest === undefined || busiest.length === 0) throw new Error('the trace has no task of a page');
  const starts = busiest.map(({ ts }) => ts ?? 0);
  return {
    tasks: busiest.map(({ dur }) => (dur ?? 0) / 1_000),
    ran: busiest.map(({ dur, tdur }) => (tdur ?? dur ?? 0) / 1_000),
    spanMs: (Math.max(...starts) - Math.min(...starts)) / 1_000,
  };
}
