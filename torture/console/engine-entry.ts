import { flushCompileCache } from 'node:module';
import { hookOutboxWrites } from './outbox-hook.ts';

// The product's engine, with a way to die inside a write of its outbox.
hookOutboxWrites();
await import('../../src/console-process/engine-entry.ts');
flushCompileCache();
