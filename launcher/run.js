'use strict';
// Written so that any Node parses it: the gate must be able to speak on the very versions that it refuses.
require('./gate.js').open([], function () {
  return require('./boot/hand-over.js');
});
