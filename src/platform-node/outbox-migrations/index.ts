import type { Migration } from '../sqlite/migrate.ts';
import { tables } from './0001-tables.ts';

export const outboxMigrations: readonly Migration[] = [{ version: 1, sql: tables }];
