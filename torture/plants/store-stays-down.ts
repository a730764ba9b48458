import { existsSync, writeFileSync } from 'node:fs';

/** Loaded before a store: what it leaves behind at its first start ends every later one, before it answers. */
const left = `${process.env['TORTURE_ARM'] ?? ''}.left-behind`;
if (existsSync(left)) process.exit(1);
writeFileSync(left, '');
