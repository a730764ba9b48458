'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { Failure } = require('./failure.js');

/** Everything after the bootstrap runs on this line: it strips types, and Electron embeds the same one. */
const NEEDED_MAJOR = 24;

/**
 * Where npm puts the Node binary of this platform. By the package's path and never through `.bin`, which npm 10 leaves
 * without a `node` when several platform packages are listed.
 * @param {string} root
 * @param {string} platform
 * @param {string} arch
 */
function packagedNode(root, platform, arch) {
  const name = platform === 'win32' ? `node-win-${arch}` : `node-${platform}-${arch}`;
  const file = platform === 'win32' ? 'node.exe' : 'node';
  return join(root, 'node_modules', name, 'bin', file);
}

/**
 * @param {string} root
 * @returns {string} the path of a Node 24 (or newer) binary
 * @throws {Failure} where neither a package nor the running Node will do
 */
function findNode24(root) {
  const packaged = packagedNode(root, process.platform, process.arch);
  if (existsSync(packaged)) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return process.execPath;
  throw new Failure(
    `There is no packaged Node ${NEEDED_MAJOR} for ${process.platform}-${process.arch}. ` +
      `Install Node ${NEEDED_MAJOR} from https://nodejs.org and start again with it.`,
  );
}

/** The trust and the proxy of the system: ministries inspect their traffic and go out through a proxy. */
const NETWORK_FLAGS = ['--use-system-ca', '--use-env-proxy'];

/** Modules of this folder that every program of ours begins with. */
const PRELOADS = ['die-with-parent.js', 'end-at-once.js'];

module.exports = { NETWORK_FLAGS, PRELOADS, findNode24, packagedNode };
