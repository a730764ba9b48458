import { readFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import type { ClockPort } from '../core/ports/clock.ts';
import { sha256Hex } from './hasher.ts';

/** The machine's clocks. */
export function createClock(): ClockPort {
  const boot = readBootId();
  return {
    now: () => Date.now(),
    // `hrtime` counts from boot on every platform that Node runs on, suspension included on Windows only.
    monotonicMs: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
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
