import { expect, it } from 'vitest';
import { fromZoneInput, toZoneInput } from '../../../src/renderer/lib/zone-input.ts';

it('a visit is written in the hour of the desk, whatever zone the computer is in', () => {
  const at = Date.UTC(2026, 10, 23, 14, 40);
  expect(toZoneInput(at, 'America/Lima')).toBe('2026-11-23T09:40');
  expect(fromZoneInput('2026-11-23T09:40', 'America/Lima')).toBe(at);
});

it('goes there and back across a change of clocks', () => {
  for (const hour of [0, 1, 3, 4, 12, 23]) {
    const at = Date.UTC(2026, 2, 29, hour, 15);
    expect(fromZoneInput(toZoneInput(at, 'Europe/Madrid'), 'Europe/Madrid')).toBe(at);
  }
});

it('what is no date is no instant', () => {
  expect(fromZoneInput('', 'America/Lima')).toBeNull();
  expect(fromZoneInput('ayer', 'America/Lima')).toBeNull();
});
