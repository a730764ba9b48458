'use strict';

const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * The stamp lives inside `node_modules`, so that whatever removes the installation removes its stamp with it.
 * @param {string} root
 */
const stampFile = (root) => join(root, 'node_modules', '.chasqui', 'install.json');

/**
 * @param {string} root
 * @returns {string | null} the hash of the lockfile that was installed to the end
 */
function readStamp(root) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(root), 'utf8'));
    return typeof stamp.lock === 'string' ? stamp.lock : null;
  } catch {
    return null;
  }
}

/**
 * The last act of an installation.
 * @param {string} root
 * @param {string} lock
 */
function writeStamp(root, lock) {
  const file = stampFile(root);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ lock }));
  renameSync(`${file}.new`, file);
}

module.exports = { readStamp, writeStamp };
