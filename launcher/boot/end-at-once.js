'use strict';
// Preloaded into the programs of the bootstrap: one whose work is done ends at once. Left to end by itself, Node 24.21 now and then
// turns for ever in freeing its handles, on a whole core (seen by gdb: uv_run under Environment::CleanupHandles); so a store that was
// told to end would not. Its output is written by then, its exit code is kept, and so is what V8 compiled.

const { isMainThread } = require('node:worker_threads');

if (isMainThread) process.once('beforeExit', () => process.exit());
