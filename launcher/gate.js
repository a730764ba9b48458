'use strict';
// Old syntax only (no arrow, no const, no template): this file is what an old Node gets to read.

/**
 * @param {string} version
 * @returns {string | null} the sentence for a Node that is too old, null for one that will do
 */
function refusal(version) {
  if (parseInt(version, 10) >= 20) return null;
  return (
    'Chasqui needs Node 20 or newer, and this is Node ' +
    version +
    '. Install a newer one from https://nodejs.org and start again.'
  );
}

/**
 * Runs the program that `load` returns, or says why this Node cannot.
 * @param {string[]} first arguments that stand before the command line's
 * @param {() => (argv: string[]) => Promise<number>} load
 */
function open(first, load) {
  var sentence = refusal(process.versions.node);
  if (sentence !== null) {
    process.stderr.write(sentence + '\n');
    process.exitCode = 1;
    return;
  }
  load()(first.concat(process.argv.slice(2))).then(
    function (code) {
      process.exitCode = code;
    },
    function (error) {
      // A sentence is meant for people; anything else is a bug and shows where it comes from.
      process.stderr.write((error.sentence || error.stack) + '\n');
      process.exitCode = 1;
    }
  );
}

module.exports = { open: open, refusal: refusal };
