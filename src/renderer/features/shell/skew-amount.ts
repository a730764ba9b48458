import type { TFunction } from 'i18next';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

/**
 * How far a clock is off (`ms` ≥ 0), in the one unit that says it best; years for a clock that went back to its factory. To the nearest of
 * that unit, where an age counts whole ones: what was measured over a network is a little above or below what it is.
 */
export function skewAmount(ms: number, t: TFunction, span: (ms: number) => string): string {
  if (ms >= YEAR) return t('common.years', { count: Math.round(ms / YEAR) });
  const unit = ms >= DAY ? DAY : ms >= HOUR ? HOUR : MINUTE;
  return span(Math.round(ms / unit) * unit);
}
