import { describe, expect, it } from 'vitest';
import { entryStates, isUnanswered } from '../../src/core/ports/outbox.ts';
import { BACKOFF_CAP_MS, BACKOFF_FLOOR_MS, backoffMs } from '../../src/core/sync/backoff.ts';
import { connectionEvents, connectionTable, nextConnection } from '../../src/core/sync/connection-machine.ts';
import { entryEvents, nextEntry } from '../../src/core/sync/entry-machine.ts';
import { connectionSchema } from '../../src/protocol/console/rows.ts';

describe('the machines are total tables', () => {
  it('every state of the contract has a row, every event a cell that names a state', () => {
    const states = connectionSchema.shape.state.options;
    expect(Object.keys(connectionTable).sort()).toEqual([...states].sort());
    for (const state of states) {
      expect(Object.keys(connectionTable[state]).sort()).toEqual([...connectionEvents].sort());
      for (const event of connectionEvents) expect(states).toContain(nextConnection(state, event));
    }
  });

  it.each([
    ['connecting', 'fill', 'filling'],
    ['filling', 'filled', 'catchingUp'],
    ['catchingUp', 'caughtUp', 'online'],
    ['online', 'lost', 'offline'],
    ['offline', 'attempt', 'offline'],
    ['offline', 'deltas', 'catchingUp'],
    ['offline', 'windowOver', 'reauthLocked'],
    ['reauthLocked', 'lost', 'reauthLocked'],
    ['reauthLocked', 'deltas', 'catchingUp'],
    ['online', 'windowOver', 'online'],
    ['online', 'expired', 'sessionExpired'],
    ['sessionExpired', 'lost', 'sessionExpired'],
    ['sessionExpired', 'deltas', 'sessionExpired'],
    ['sessionExpired', 'signIn', 'connecting'],
    ['signedOut', 'lost', 'signedOut'],
    ['offline', 'certificate', 'certificateUntrusted'],
    ['certificateUntrusted', 'attempt', 'certificateUntrusted'],
    ['online', 'revoked', 'deviceRevoked'],
  ] as const)('%s + %s → %s', (state, event, next) => {
    expect(nextConnection(state, event)).toBe(next);
  });

  it('from every state a sign-out signs out and, signed in, a hello that is answered leads on', () => {
    for (const state of connectionSchema.shape.state.options) {
      expect(nextConnection(state, 'signOut')).toBe('signedOut');
      if (state === 'signedOut' || state === 'sessionExpired') continue;
      expect(nextConnection(state, 'fill')).toBe('filling');
    }
  });

  it('SY11: an answered entry never changes again; an unanswered one is never lost by an event', () => {
    for (const state of entryStates) {
      for (const event of entryEvents) {
        const next = nextEntry(state, event);
        if (!isUnanswered(state)) expect(next).toBe(state);
        else if (['send', 'interrupted', 'hold', 'release'].includes(event)) expect(isUnanswered(next)).toBe(true);
        else expect(next).toBe(event);
      }
    }
  });
});

describe('backoff', () => {
  it('is full jitter under a doubling ceiling', () => {
    expect(backoffMs(0, 0, null)).toBe(BACKOFF_FLOOR_MS);
    expect(backoffMs(0, 0.999, null)).toBeLessThan(1_000);
    expect(backoffMs(3, 0.5, null)).toBe(4_000);
    expect(backoffMs(1_000, 0.999, null)).toBeLessThanOrEqual(BACKOFF_CAP_MS);
  });
  it('never comes before Retry-After', () => {
    for (const fraction of [0, 0.3, 0.99]) expect(backoffMs(2, fraction, 30_000)).toBeGreaterThanOrEqual(30_000);
  });
});
