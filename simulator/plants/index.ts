import { applyByArrival } from './apply-by-arrival.ts';
import { clockOrdered } from './clock-ordered.ts';
import { commitOrder } from './commit-order.ts';
import { cursorBeforeRows } from './cursor-before-rows.ts';
import { digestIgnored } from './digest-ignored.ts';
import { draftClearedFirst } from './draft-cleared-first.ts';
import { epochIgnored } from './epoch-ignored.ts';
import { forkIgnored } from './fork-ignored.ts';
import { lostAnswerIsRefusal } from './lost-answer-is-refusal.ts';
import { missingDedupe } from './missing-dedupe.ts';
import { orphansForgotten } from './orphans-forgotten.ts';
import { outOfScopeKept } from './out-of-scope-kept.ts';
import { overlayNeverRebased } from './overlay-never-rebased.ts';
import type { Plant } from './plant.ts';
import { prunedEarly } from './pruned-early.ts';
import { pullWaitsForPush } from './pull-waits-for-push.ts';
import { requestForgotten } from './request-forgotten.ts';
import { retryByText } from './retry-by-text.ts';
import { transactionSplit } from './transaction-split.ts';
import { unreadableSkipped } from './unreadable-skipped.ts';
import { uploadForgotten } from './upload-forgotten.ts';

/** Known bugs by the name that `--plant` takes. */
export const plants: Readonly<Record<string, Plant>> = {
  'commit-order': commitOrder,
  'missing-dedupe': missingDedupe,
  'apply-by-arrival': applyByArrival,
  'lost-answer-is-refusal': lostAnswerIsRefusal,
  'unreadable-skipped': unreadableSkipped,
  'cursor-before-rows': cursorBeforeRows,
  'retry-by-text': retryByText,
  'out-of-scope-kept': outOfScopeKept,
  'clock-ordered': clockOrdered,
  'pull-waits-for-push': pullWaitsForPush,
  'epoch-ignored': epochIgnored,
  'fork-ignored': forkIgnored,
  'draft-cleared-first': draftClearedFirst,
  'overlay-never-rebased': overlayNeverRebased,
  'digest-ignored': digestIgnored,
  'orphans-forgotten': orphansForgotten,
  'pruned-early': prunedEarly,
  'request-forgotten': requestForgotten,
  'transaction-split': transactionSplit,
  'upload-forgotten': uploadForgotten,
};
