import { defineConfig } from 'drizzle-kit';

/** For `drizzle-kit generate --config src/store/db/drizzle.config.ts`, run from the root of the repository. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/db/schema/*.ts',
  out: './src/store/db/migrations',
});
