import type { HelloRequest, HelloResponse, LogMark } from '../../protocol/sync/messages.ts';
import { SCHEMA_VERSION } from '../../protocol/versions.ts';
import type { CacheMeta } from '../ports/cache.ts';

/** `fresh`: fill from the first page · `resume`: go on with the page after the last one kept · `deltas`: only what changed. */
export type PullPlan = 'fresh' | 'resume' | 'deltas';

/** Where the cache says it stands: the store answers whether its log at that place is the one that this console knew. */
export const cursorClaim = (meta: CacheMeta): Pick<HelloRequest, 'cursor' | 'logHash'> =>
  meta.fill !== null
    ? { cursor: meta.fill.pin, logHash: meta.fill.logHash }
    : { cursor: meta.cursor, logHash: meta.cursor === null ? null : meta.logHash };

export const markIn = (epoch: string, marks: readonly LogMark[]): LogMark | undefined =>
  marks.find((mark) => mark.epoch === epoch);

/** The sealed places that this console was told: where its base stands, where a fill began, and the furthest with pages of a fill and answered pushes. */
export function marksOf(meta: CacheMeta, ackMarks: readonly LogMark[]): LogMark[] {
  const { epoch, cursor, logHash, seal, fill } = meta;
  const marks: LogMark[] = [];
  if (epoch !== null && cursor !== null && logHash !== null && seal !== null)
    marks.push({ epoch, seq: cursor, hash: logHash, seal });
  if (fill !== null) marks.push({ epoch: fill.epoch, seq: fill.pin, hash: fill.logHash, seal: fill.seal });
  marks.push(...ackMarks);
  return marks.filter((mark, at) => marks.findIndex(({ seal: same }) => same === mark.seal) === at);
}

/**
 * Another epoch, an unknown log, other rights or another form of the rows: what is held is no base any more. Rows of before stay
 * readable until the new fill is whole.
 */
export function planPull(meta: CacheMeta, hello: HelloResponse): PullPlan {
  const known = hello.cursorKnown && meta.schema === SCHEMA_VERSION;
  if (meta.fill !== null) {
    const same = meta.fill.epoch === hello.epoch && meta.fill.scopeVersion === hello.scopeVersion;
    return known && same ? 'resume' : 'fresh';
  }
  const same = meta.cursor !== null && meta.epoch === hello.epoch && meta.scopeVersion === hello.scopeVersion;
  return known && same ? 'deltas' : 'fresh';
}
