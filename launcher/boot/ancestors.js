'use strict';

const { readFileSync } = require('node:fs');
const { execFile, spawnSync } = require('node:child_process');

const POLL_MS = 400;

/**
 * The fields of `/proc/PID/stat` stand behind the name, which may hold spaces and brackets itself.
 * @param {string} stat
 * @returns {{ name: string, parent: number } | null}
 */
function parseStat(stat) {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const parent = Number(stat.slice(close + 2).split(' ')[1]);
  return open < 0 || close < open || !Number.isInteger(parent) ? null : { name: stat.slice(open + 1, close), parent };
}

/** @param {number} pid */
function describe(pid) {
  try {
    if (process.platform === 'linux') return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const out = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
    const match = /^(\d+)\s+(.*)$/.exec(out);
    return match ? { name: (match[2] ?? '').replace(/^.*\//, ''), parent: Number(match[1]) } : null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'busybox', 'ash', 'ksh']);

/**
 * Windows tells a process its parent only; the parent's parent is asked for once, beside the work, for it takes a second.
 * @param {number} pid
 * @param {(parent: number) => void} tell
 */
function askWindows(pid, tell) {
  const query = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').ParentProcessId`;
  execFile('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query], { windowsHide: true }, (_, out) => {
    const parent = Number.parseInt(out, 10);
    if (Number.isInteger(parent) && parent > 0) tell(parent);
  });
}

/**
 * npm that is told to end leaves what it started behind, and a shell may stand between the two and live on; so the
 * watch is over the parent and, through a shell, over the parent's parent.
 * @returns {() => boolean} whether everyone who was above us at the start still is
 */
function watchAncestors() {
  const parent = process.ppid;
  if (process.platform === 'win32') {
    /** @type {number | null} */
    let npm = null;
    askWindows(parent, (pid) => {
      npm = pid;
    });
    return () => isAlive(parent) && (npm === null || isAlive(npm));
  }
  const above = describe(parent);
  const grandparent = above !== null && SHELLS.has(above.name) ? above.parent : null;
  return () => {
    if (process.ppid !== parent) return false;
    return grandparent === null || describe(parent)?.parent === grandparent;
  };
}

/**
 * @param {() => void} onGone called once, when npm is no longer there
 */
function onNpmGone(onGone) {
  // Started by hand or by a service manager, the parent may leave and mean nothing by it.
  if (!process.env.npm_lifecycle_event) return;
  const present = watchAncestors();
  const timer = setInterval(() => {
    if (present()) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

module.exports = { isAlive, onNpmGone, parseStat };
