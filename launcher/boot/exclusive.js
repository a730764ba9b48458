'use strict';

const { createHash } = require('node:crypto');
const { rmSync } = require('node:fs');
const net = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const RETRY_MS = 200;

/**
 * A lock is a listening socket: the kernel frees it when its holder dies, so there is no stale lock to judge.
 * Linux's abstract names and Windows' pipes leave no file behind; elsewhere a socket in the temporary folder does.
 * @param {string} name
 */
function address(name) {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 24);
  if (process.platform === 'linux') return `\0chasqui-${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\chasqui-${id}`;
  return join(tmpdir(), `chasqui-${id}.sock`);
}

/**
 * @param {string} path
 * @returns {Promise<net.Server | null>} null when another process holds it
 */
function tryListen(path) {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * Only a socket that is a file can outlive its holder.
 * @param {string} path
 */
function removeIfDead(path) {
  if (process.platform === 'linux' || process.platform === 'win32') return Promise.resolve();
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const probe = net.connect(path, () => {
        probe.destroy();
        resolve();
      });
      probe.once('error', () => {
        rmSync(path, { force: true });
        resolve();
      });
    })
  );
}

/**
 * @param {string} name what is locked, machine-wide
 * @returns {Promise<{ release: () => Promise<void> } | null>} null when another process holds it
 */
async function tryLock(name) {
  const path = address(name);
  let server = await tryListen(path);
  if (server === null) {
    await removeIfDead(path);
    server = await tryListen(path);
  }
  if (server === null) return null;
  const held = server;
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

/**
 * Waits for the lock as long as it takes; its holder's death frees it.
 * @param {string} name
 * @param {() => void} onWait told once, when somebody else holds it
 */
async function lock(name, onWait) {
  for (let told = false; ; told = true) {
    const held = await tryLock(name);
    if (held !== null) return held;
    if (!told) onWait();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

module.exports = { lock, tryLock };
