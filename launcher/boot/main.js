'use strict';

const { realpathSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Failure } = require('./failure.js');
const { ensureInstalled } = require('./install.js');
const { NETWORK_FLAGS, findNode24 } = require('./node24.js');
const { runChild } = require('./child.js');

const root = realpathSync(join(__dirname, '..', '..'));

/**
 * Store and console talk over loopback, which is never the proxy's business.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutProxy(env) {
  const listed = env.NO_PROXY || env.no_proxy;
  return [...(listed ? [listed] : []), 'localhost', '.localhost', '127.0.0.1', '::1'].join(',');
}

/**
 * Installs what is missing, then hands over to Node 24.
 * @param {string} entry a TypeScript file, relative to the checkout
 * @param {string[]} argv
 */
async function handOver(entry, argv) {
  await ensureInstalled(root);
  const preload = pathToFileURL(join(__dirname, 'die-with-parent.js')).href;
  return runChild(findNode24(root), [...NETWORK_FLAGS, '--import', preload, join(root, entry), ...argv], {
    stdio: 'inherit',
    env: { ...process.env, NO_PROXY: withoutProxy(process.env), CHASQUI_PARENT: String(process.pid) },
  });
}

/** @param {string[]} argv */
const start = (argv) => handOver('launcher/trial/main.ts', argv);

/** @param {string[]} argv */
const test = (argv) => handOver('tools/test.ts', argv);

/** @param {string[]} argv */
async function run(argv) {
  const [entry, ...rest] = argv;
  if (entry === undefined) throw new Failure('Usage: node launcher/run.js FILE.ts [ARGUMENTS]');
  return handOver(entry, rest);
}

module.exports = { run, start, test, withoutProxy };
