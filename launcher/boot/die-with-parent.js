'use strict';
// Preloaded into the children of the bootstrap: when the one above is killed, which no handler of its own can survive,
// the child ends as if it had been told to.

const { isMainThread } = require('node:worker_threads');
const { isAlive } = require('./ancestors.js');

const POLL_MS = 400;
const GRACE_MS = Number(process.env.CHASQUI_GRACE_MS) || 20_000;

const parent = Number(process.env.CHASQUI_PARENT);
if (isMainThread && Number.isInteger(parent) && parent > 0) {
  // Grandchildren inherit the environment, but another parent.
  delete process.env.CHASQUI_PARENT;
  delete process.env.CHASQUI_GRACE_MS;
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return;
    clearInterval(timer);
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  }, POLL_MS);
  timer.unref();
}
