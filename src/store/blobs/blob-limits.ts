/** Bounds of files at the store, in bytes and milliseconds. */
export const blobLimits = {
  /** A part goes to the disk when it has this many bytes, or when its first byte has waited this long. */
  partBytes: 4_000_000,
  partHoldMs: 2_000,
  /** Requests that bring bytes at one moment: each holds at most one part in memory. */
  receiving: 64,
  /** Bytes of one person's uploads that are not finished. */
  unfinishedBytes: 4_000_000_000,
  /** Room that is left to everything else. A file needs twice its size while it is put together. */
  reserveBytes: 1_000_000_000,
  /** How long an address to read from is good. */
  addressMs: 5 * 60_000,
  sweepMs: 60_000,
  collectMs: 86_400_000,
  /** How often a process looks whether a day has passed since the last collection of any; the first time somewhere within it. */
  collectLookMs: 5 * 60_000,
} as const;

const DAY_MS = 86_400_000;
/** When the collector takes what. */
export const collectAfter = {
  unfinishedMs: 7 * DAY_MS,
  finishedRowMs: DAY_MS,
  /** An object that no row names: a process ended between the two. */
  unknownMs: DAY_MS,
  /** A content that no attachment names: a restored console may still send the act. Also how long after a restore objects are kept that no row names. */
  unnamedMs: 60 * DAY_MS,
} as const;
