import type { Migration } from '../sqlite/migrate.ts';
import { tables } from './0001-tables.ts';
import { relatives } from './0002-relatives.ts';

export const cacheMigrations: readonly Migration[] = [
  { version: 1, sql: tables },
  { version: 2, sql: relatives },
];
