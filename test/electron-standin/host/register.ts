import { isMainThread } from 'node:worker_threads';

// Given to Node by --import, which worker threads inherit: they are no main process and stay as they are.
if (isMainThread) await import('./register-main.ts');
