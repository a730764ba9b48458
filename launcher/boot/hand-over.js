'use strict';

const { realpathSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Failure } = require('./failure.js');
const { ensureInstalled } = require('./install.js');
const { NETWORK_FLAGS, PRELOADS, findNode24 } = require('./node24.js');
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
 * Installs what is missing, then runs a TypeScript entry on Node 24, with our terminal and to its end.
 * @param {string[]} argv the entry, relative to the checkout, and its arguments
 * @returns {Promise<number>} its exit code
 */
async function handOver([entry, ...argv]) {
  if (entry === undefined) throw new Failure('Usage: node launcher/run.js FILE.ts [ARGUMENTS]');
  await ensureInstalled(root);
  const preloads = PRELOADS.flatMap((file) => ['--import', pathToFileURL(join(__dirname, file)).href]);
  const args = [...NETWORK_FLAGS, ...preloads, join(root, entry), ...argv];
  const env = { ...process.env, NO_PROXY: withoutProxy(process.env), CHASQUI_PARENT: String(process.pid) };
  const { code } = await runChild(findNode24(root), args, { stdio: 'inherit', env });
  return code;
}

module.exports = handOver;
