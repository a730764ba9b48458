import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveTimes, mendedTime, SKEW_LIMIT_MS } from '../../src/domain/act-times.ts';
import { officialNumber, provisionalCode, yearInZone } from '../../src/domain/numbering.ts';
import { cleanText, foldText, lineText, longText, utf8Bytes } from '../../src/domain/text.ts';

describe('text', () => {
  it('R11 any Unicode is cleaned once: well formed, NFC, no U+0000, and cleaning again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toContain('\u0000');
        expect(cleanText(clean)).toBe(clean);
        expect(utf8Bytes(clean)).toBe(Buffer.byteLength(clean));
      }),
    );
  });

  it('limits bytes, not letters', () => {
    expect(longText(4).safeParse('ññ').success).toBe(true);
    expect(longText(3).safeParse('ññ').success).toBe(false);
    expect(lineText(20).parse('  una\n\tlínea  ')).toBe('una línea');
  });

  it('folds accents for sorting, keeps ñ after n', () => {
    const names = ['Ñahui', 'Zárate', 'Núñez', 'Ángel', 'Nunez', 'Oré'];
    expect(names.toSorted((a, b) => (foldText(a) < foldText(b) ? -1 : 1))).toEqual([
      'Ángel',
      'Nunez',
      'Núñez',
      'Ñahui',
      'Oré',
      'Zárate',
    ]);
  });
});

describe('time of an act', () => {
  const day = 86_400_000;
  it('SY15 a clock off by ten years is corrected by the last offset, and said', () => {
    const now = 1_800_000_000_000;
    const times = deriveTimes({ deviceAt: now - 3650 * day, lastOffset: 3650 * day }, now + 500, null);
    expect(times).toEqual({
      occurredAt: now,
      deviceAt: now - 3650 * day,
      recordedAt: now + 500,
      timeQuality: 'skewed',
    });
  });

  it('SY15 an act is never after its receipt, whatever the device says', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.option(fc.integer()), fc.maxSafeNat(), (deviceAt, lastOffset, recordedAt) => {
        const times = deriveTimes({ deviceAt, lastOffset }, recordedAt, null);
        expect(times.occurredAt).toBeLessThanOrEqual(recordedAt);
        expect(times.deviceAt).toBe(deviceAt);
      }),
    );
  });

  it('with no offset yet the device is believed, and the quality says so', () => {
    expect(deriveTimes({ deviceAt: 5, lastOffset: null }, null, null)).toMatchObject({
      occurredAt: 5,
      timeQuality: 'unknown',
    });
  });
});

describe('SY15 an act is dated by what its sender knows as it sends', () => {
  const now = 1_800_000_000_000;
  const tenYears = 3652 * 86_400_000;
  const wallError = fc.constantFrom(0, 90_000, -tenYears, tenYears, 86_400_000, -86_400_000);

  it('whatever the wall clock said at the act and whatever offset was believed then: exact to the journey, or to the limit', () => {
    fc.assert(
      fc.property(
        wallError,
        fc.option(wallError),
        fc.nat(30 * 86_400_000),
        fc.nat(60_000),
        (wrong, believed, age, journey) => {
          const actAt = now - age - journey;
          const act = {
            deviceAt: actAt + wrong,
            lastOffset: believed === null ? null : -believed,
            bootId: 'b',
            monotonicMs: 1_000,
          };
          const time = mendedTime(act, { bootId: 'b', monotonicMs: 1_000 + age }, now);
          const { occurredAt } = deriveTimes(time, now, null);
          expect(Math.abs(occurredAt - actAt)).toBeLessThanOrEqual(Math.max(journey, SKEW_LIMIT_MS + journey));
          expect(occurredAt).toBeLessThanOrEqual(now);
        },
      ),
    );
  });

  it('of another boot, or with no word of the sender, the offset of the act stands', () => {
    const act = { deviceAt: 5, lastOffset: 7, bootId: 'a', monotonicMs: 50 };
    expect(mendedTime(act, null, now)).toBe(act);
    expect(mendedTime(act, { bootId: 'b', monotonicMs: 90 }, now)).toBe(act);
    // The same id, and yet a later boot: the clock that never goes back stands lower.
    expect(mendedTime(act, { bootId: 'a', monotonicMs: 49 }, now)).toBe(act);
  });
});

describe('numbers', () => {
  it('official numbers carry the year of the desk’s zone', () => {
    const newYearInLondon = Date.UTC(2027, 0, 1, 3, 0);
    expect(officialNumber('MDS', yearInZone(newYearInLondon, 'America/Lima'), 123)).toBe('MDS-2026-000123');
    expect(yearInZone(Date.UTC(2027, 0, 1, 5, 0), 'America/Lima')).toBe(2027);
  });

  it('provisional codes of one device never repeat', () => {
    const codes = new Set(Array.from({ length: 5000 }, (_, counter) => provisionalCode('K7', counter)));
    expect(codes.size).toBe(5000);
    expect([...codes].every((code) => /^K7-[0-9A-HJKMNP-TV-Z]{2,}$/u.test(code))).toBe(true);
  });
});
