import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { ClockPort } from '../core/ports/clock.ts';
import { sha256Hex } from './hasher.ts';

export interface ClockSources {
  /** Wall clock, epoch ms. */
  now(): number;
  /** Fine and never going back, but on Linux and macOS it stands still while the machine sleeps. */
  steadyMs(): number;
  /** Since boot with sleep counted, as coarse as a second. */
  uptimeMs(): number;
}
const machine: ClockSources = {
  now: () => Date.now(),
  steadyMs: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
  uptimeMs: () => uptime() * 1_000,
};

/** Differences below this are the coarseness of `uptimeMs`, not sleep. */
const SLEEP_MS = 3_000;

/**
 * The machine's clocks. The monotonic one counts sleep: a laptop that was closed at night must not take its wall clock for
 * being hours ahead in the morning (SY15).
 */
export function createClock(read: ClockSources = machine): ClockPort {
  const boot = readBootId();
  let slept = 0;
  return {
    now: read.now,
    monotonicMs() {
      const steady = read.steadyMs();
      const behind = read.uptimeMs() - steady;
      if (behind - slept > SLEEP_MS) slept = behind;
      return steady + slept;
    },
    bootId: () => boot,
  };
}

/** The kernel's own id of this boot; elsewhere the host and the minute it started in, which a clock set later can move. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 64);
  } catch {
    const startedAt = Math.round((Date.now() / 1000 - uptime()) / 60);
    return sha256Hex(`${hostname()} ${startedAt}`).slice(0, 32);
  }
}
