'use strict';

const net = require('node:net');
const { basename, join } = require('node:path');
const { spawnSync } = require('node:child_process');
const { runChild } = require('./child.js');

const DIE_WITH_PARENT = join(__dirname, 'die-with-parent.js');
const PROBE_MS = 5000;
/** npm is slow to end when told to, and what it leaves is thrown away anyway. */
const GRACE_MS = 1500;

/**
 * How to call npm: the very one that called us where there is one, else the one on the path.
 * @param {string[]} args
 * @returns {{ file: string, args: string[], shell: boolean }}
 */
function npmCommand(args) {
  const cli = process.env.npm_execpath;
  if (cli && /^npm-cli\.c?js$/.test(basename(cli)))
    return { file: process.execPath, args: ['--require', DIE_WITH_PARENT, cli, ...args], shell: false };
  // npm is a .cmd on Windows, which only a shell can start; every argument below is a constant of ours.
  return { file: 'npm', args, shell: process.platform === 'win32' };
}

/**
 * Everything, development packages too, whatever NODE_ENV says; no install script of any package. A machine without a
 * network learns it in seconds: npm's own pauses between attempts add up to more than a minute.
 * @param {string} root
 * @returns {Promise<{ code: number, told: boolean }>} npm's exit code, and whether it was told to end
 */
function npmCi(root) {
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--prefer-offline',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=8000',
    '--loglevel=error',
  ];
  const command = npmCommand(args);
  const env = { ...process.env, CHASQUI_PARENT: String(process.pid), CHASQUI_GRACE_MS: String(GRACE_MS) };
  return runChild(
    command.file,
    command.args,
    { cwd: root, stdio: ['ignore', 2, 2], shell: command.shell, env },
    GRACE_MS,
  );
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
