import { Temporal } from 'temporal-polyfill';
import type { Instant } from './vocabulary.ts';

/** Crockford's base 32: no I, L, O, U, so that a code read over the telephone is not misheard. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function toBase32(value: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 32)) text = (ALPHABET[rest % 32] ?? '') + text;
  return text.padStart(width, '0');
}

/**
 * Short code of a ticket until its number comes. The store gives each device its prefix, the device counts: collisions
 * come only from clones, and a search shows all with their dates.
 */
export const provisionalCode = (devicePrefix: string, counter: number): string =>
  `${devicePrefix}-${toBase32(counter, 2)}`;

/** MDS-2026-000123 */
export const officialNumber = (prefix: string, year: number, sequence: number): string =>
  `${prefix}-${year}-${String(sequence).padStart(6, '0')}`;

/** Calendar year of an instant in the desk's zone: 31 December 23:30 in Lima is still the old year. */
export const yearInZone = (instant: Instant, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).year;

/** Year and sequence of an official number of this prefix; null for any other text. */
export function readOfficialNumber(prefix: string, text: string): { year: number; sequence: number } | null {
  const [, year, sequence] = /-(\d{4})-(\d{6,9})$/.exec(text) ?? [];
  if (year === undefined || sequence === undefined) return null;
  const read = { year: Number(year), sequence: Number(sequence) };
  return read.sequence > 0 && officialNumber(prefix, read.year, read.sequence) === text ? read : null;
}
