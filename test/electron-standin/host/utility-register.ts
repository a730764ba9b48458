import { isMainThread } from 'node:worker_threads';

// Given to Node by --import, which worker threads inherit: a worker of a utility process has no parentPort.
if (isMainThread) await import('./register-utility-main.ts');
