import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Version of this checkout, from its package.json. */
export const storeVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
