import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { skewAmount } from '../../src/renderer/features/shell/skew-amount.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
await i18next.init({ lng: 'en', resources: { en: { translation: { common: { years_other: '{{count}} years' } } } } });
/** Whole hours, as the span of an age counts them. */
const hours = (ms: number): string => `${Math.floor(ms / HOUR)} h`;
const said = (ms: number): string => skewAmount(ms, i18next.t, hours);

describe('how far a clock is off', () => {
  it('SY15: is said to the nearest of its unit, whatever the network took from it or added', () => {
    for (const measured of [3 * HOUR - 40, 3 * HOUR, 3 * HOUR + 40]) expect(said(measured)).toBe('3 h');
    expect(said(HOUR - 40)).toBe('1 h');
    expect(said(2 * DAY - 40)).toBe('48 h');
    expect(said(10 * YEAR - 40)).toBe('10 years');
  });
});
