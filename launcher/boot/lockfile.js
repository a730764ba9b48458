'use strict';

const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], link?: boolean }} Entry
 * @typedef {{ packages?: Record<string, Entry> }} Lock
 */

/**
 * @param {string} file
 * @returns {Lock | null}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @returns {string} what an installation is known by
 */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * Does `node_modules` hold what the lockfile asks for? npm writes its hidden lockfile last, so a half-finished
 * installation has none, or an older one; a folder removed by hand is noticed because every package is looked at.
 * @param {string} root
 */
function installationMatches(root) {
  const wanted = readLock(join(root, 'package-lock.json'))?.packages;
  const present = readLock(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !present) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const installed = present[path];
    if (installed === undefined) {
      if (entry.optional || entry.devOptional) continue;
      return false;
    }
    if (installed.version !== entry.version) return false;
    if (!existsSync(join(root, path, 'package.json'))) return false;
  }
  return true;
}

module.exports = { installationMatches, lockHash };
