'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { onNpmGone } = require('./ancestors.js');

/** A child that was told to end gets this long before it is ended. */
const GRACE_MS = 20_000;

/** @type {NodeJS.Signals[]} */
const SIGNALS = process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a child to its end and leaves nothing of it: signals go on to it, and it is told to end when npm vanishes above us.
 * The terminal's Ctrl-C reaches the child by itself (same process group), so SIGINT is only outlived here.
 * @param {string} file
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {number} graceMs how long it may take to end once told to
 * @returns {Promise<{ code: number, told: boolean }>} its exit code, 128 + n for a signal; whether we told it to end
 */
function runChild(file, args, options, graceMs = GRACE_MS) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    let told = false;
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      if (told) return;
      told = true;
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    };
    for (const signal of SIGNALS) process.on(signal, end);
    onNpmGone(() => end('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, end);
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), told });
    });
  });
}

module.exports = { runChild };
