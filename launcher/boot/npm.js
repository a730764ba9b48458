'use strict';

const net = require('node:net');
const { basename } = require('node:path');
const { spawnSync } = require('node:child_process');
const { runChild } = require('./child.js');

const PROBE_MS = 5000;

/**
 * How to call npm: the very one that called us where there is one, else the one on the path.
 * @param {string[]} args
 * @returns {{ file: string, args: string[], shell: boolean }}
 */
function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli && /^npm-cli\.c?js$/.test(basename(cli)))
    return { file: process.execPath, args: [cli, ...args], shell: false };
  // npm is a .cmd on Windows, which only a shell can start; every argument below is a constant of ours.
  return { file: 'npm', args, shell: process.platform === 'win32' };
}

/**
 * Everything, development packages too, whatever NODE_ENV says; no install script of any package.
 * @param {string} root
 * @returns {Promise<number>} npm's exit code
 */
function npmCi(root) {
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const command = npmCommand(args);
  return runChild(command.file, command.args, { cwd: root, stdio: ['ignore', 2, 2], shell: command.shell });
}

/** Where npm would go first: its proxy if it has one, else its registry. */
function registryHost() {
  const command = npmCommand(['config', 'get', 'registry']);
  const out = spawnSync(command.file, command.args, { encoding: 'utf8', shell: command.shell });
  const proxy = process.env.HTTPS_PROXY || process.env.https_proxy;
  for (const candidate of [proxy, (out.stdout || '').trim(), 'https://registry.npmjs.org/']) {
    try {
      const url = new URL(candidate || '');
      return { host: url.hostname, port: Number(url.port) || (url.protocol === 'http:' ? 80 : 443) };
    } catch {
      // not an address: the next candidate
    }
  }
  return { host: 'registry.npmjs.org', port: 443 };
}

/**
 * Asked after npm failed, to tell "no network" from any other reason without reading npm's prose.
 * @returns {Promise<{ host: string, reachable: boolean }>}
 */
function probeRegistry() {
  const { host, port } = registryHost();
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: PROBE_MS });
    /** @param {boolean} reachable */
    const end = (reachable) => {
      socket.destroy();
      resolve({ host, reachable });
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

module.exports = { npmCi, probeRegistry };
