import type { Migration } from '../sqlite/migrate.ts';
import { tables } from './0001-tables.ts';
import { replays } from './0002-replays.ts';
import { files } from './0003-files.ts';

export const outboxMigrations: readonly Migration[] = [
  { version: 1, sql: tables },
  { version: 2, sql: replays },
  { version: 3, sql: files },
];
