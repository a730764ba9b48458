import { type HelloResponse, PUSH_MAX_COMMANDS } from '../../protocol/sync/messages.ts';
import { troubleOf } from '../failures.ts';
import { writeSetting } from '../settings.ts';
import { runDigestChecks } from './digest-check.ts';
import { createDigestWatch, type DigestWatch } from './digest-watch.ts';
import { reactions } from './failure-reactions.ts';
import { type FillFailure, runFill } from './first-fill.ts';
import type { Link } from './link.ts';
import { lowerMarks } from './lower-marks.ts';
import { createLoopBackoff, type LoopBackoff, pause } from './pause.ts';
import { pullOnce } from './pull-once.ts';
import { planPull } from './pull-plan.ts';
import { settleCarried } from './settle-carried.ts';
import { STORAGE_PAUSE_MS, type SyncContext } from './sync-context.ts';

const DRAINING_PULL_MS = 1_000;

/** The base of a contact: filled and pulled by one loop, and compared with the store by another that stands behind it. */
export async function runPull(link: Link, context: SyncContext, hello: HelloResponse): Promise<void> {
  const watch = createDigestWatch(context.deps.timers);
  await Promise.all([fillAndPull(link, context, hello, watch), runDigestChecks(link, context, watch)]);
}

/** Fills if it must, then pulls until there is no more, then again at every news. Knows nothing of the push. */
async function fillAndPull(link: Link, context: SyncContext, hello: HelloResponse, watch: DigestWatch): Promise<void> {
  const backoff = createLoopBackoff(context.deps);
  beginSeeing(context, hello);
  // The hello judged the fill of before; one that began in this contact goes on whatever it said of that one.
  let begun = false;
  while (!link.closed) {
    const plan = begun ? 'resume' : planPull(context.cache.meta(), hello);
    if (plan === 'deltas') break;
    const filled = await runFill(link, context, hello, plan === 'resume', () => {
      begun = true;
    });
    if (filled.ok) {
      if (filled.value === 'filled') context.dispatch('filled');
      break;
    }
    await meet(link, context, filled.error, backoff.wait);
  }
  lowerMarks(context, hello);
  while (!link.closed) {
    const pulled = await pullOnce(link, context, watch);
    if (!pulled.ok) {
      await meet(link, context, pulled.error, backoff.wait);
      continue;
    }
    if (pulled.value === 'closed') return;
    backoff.reset();
    context.trouble(null);
    if (pulled.value.more) continue;
    context.sound();
    context.dispatch('caughtUp');
    settleCarried(context);
    watch.caughtUp();
    await context.storeNews.wait(link, context.cache.meta);
    // What waits is laid anew over all that a pull brings: while more than a batch of it goes out, one pull in a second does.
    if (context.outbox.counts().unanswered > PUSH_MAX_COMMANDS) await pause(context.deps, link, DRAINING_PULL_MS);
  }
}

/**
 * What was there when a person first came is not news: unread marks begin with the first hello, not with the end of the fill. What
 * somebody does while the fill runs is news like any other.
 */
function beginSeeing({ outbox, hub }: SyncContext, hello: HelloResponse): void {
  if (outbox.seenBaseline() !== null) return;
  // What was recorded in the very millisecond of the hello is told rather than missed.
  outbox.setSeenBaseline(hello.serverTime - 1);
  writeSetting(outbox, 'seenEpoch', hello.epoch);
  hub.emit('away');
}

async function meet(link: Link, context: SyncContext, problem: FillFailure, wait: LoopBackoff['wait']): Promise<void> {
  if (problem.kind === 'cache') {
    if (context.cacheFailed(problem.failure)) await pause(context.deps, link, STORAGE_PAUSE_MS);
    else link.fail({ kind: 'epoch' });
    return;
  }
  if (problem.kind === 'outbox') {
    context.trouble(troubleOf(problem.failure));
    return pause(context.deps, link, STORAGE_PAUSE_MS);
  }
  const { failure } = problem;
  if (reactions[failure.kind].kind !== 'own') return link.fail(failure);
  context.deps.log.write('warn', 'pullDelayed', { kind: failure.kind });
  await wait(link, failure);
}
