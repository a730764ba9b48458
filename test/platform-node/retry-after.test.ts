import { expect, test } from 'vitest';
import { LONGEST_RETRY_AFTER_MS, retryAfterMs } from '../../src/platform-node/store-client/retry-after.ts';

const now = 'Mon, 23 Nov 2026 09:00:00 GMT';

test.each([
  ['7', now, 7_000],
  [' 120 ', undefined, 120_000],
  ['0', now, 0],
  ['Mon, 23 Nov 2026 09:01:30 GMT', now, 90_000],
  // A proxy whose clock is ten years off says both dates by it.
  ['Wed, 23 Nov 2016 09:00:05 GMT', 'Wed, 23 Nov 2016 09:00:00 GMT', 5_000],
  ['Mon, 23 Nov 2026 08:59:00 GMT', now, 0],
  ['Sat, 23 Nov 2036 09:00:00 GMT', now, LONGEST_RETRY_AFTER_MS],
  ['99999999999', now, LONGEST_RETRY_AFTER_MS],
  ['Mon, 23 Nov 2026 09:01:30 GMT', undefined, null],
  ['Mon, 23 Nov 2026 09:01:30 GMT', 'yesterday', null],
  ['-5', now, null],
  ['1.5', now, null],
  ['soon', now, null],
  ['', now, null],
  [undefined, now, null],
])('live Retry-After %j at %j asks to wait %j ms', (header, date, ms) => expect(retryAfterMs(header, date)).toBe(ms));
