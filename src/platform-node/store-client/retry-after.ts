/** Nobody is kept away for longer by one answer: a header that says more was written by a clock that is wrong. */
export const LONGEST_RETRY_AFTER_MS = 86_400_000;

/**
 * How long a `Retry-After` asks to wait, in milliseconds; null when there is none that can be read. Both forms: whole seconds, and a
 * date. A date is measured against the `Date` of the same answer, so that a device clock that is off shortens and stretches
 * nothing (SY15); without one it says nothing.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  const text = retryAfter.trim();
  if (/^\d{1,15}$/u.test(text)) return Math.min(Number(text) * 1000, LONGEST_RETRY_AFTER_MS);
  const until = httpDate(text);
  const now = httpDate(date?.trim() ?? '');
  if (until === null || now === null) return null;
  return Math.min(Math.max(0, until - now), LONGEST_RETRY_AFTER_MS);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** The one form of RFC 9110 that may be sent; the two obsolete ones are not in use. */
const form = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/u;

function httpDate(text: string): number | null {
  const [, day, month, year, hour, minute, second] = form.exec(text) ?? [];
  const at = months.indexOf(month ?? '');
  if (at < 0) return null;
  return Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute), Number(second));
}
