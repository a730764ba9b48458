'use strict';

/** Something the person at the keyboard can act on: only the sentence is shown, no stack. */
class Failure extends Error {
  /** @param {string} sentence */
  constructor(sentence) {
    super(sentence);
    this.sentence = sentence;
  }
}

module.exports = { Failure };
