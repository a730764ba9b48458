import type { Migration } from '../sqlite/migrate.ts';
import { tables } from './0001-tables.ts';
import { replays } from './0002-replays.ts';

export const outboxMigrations: readonly Migration[] = [
  { version: 1, sql: tables },
  { version: 2, sql: replays },
];
