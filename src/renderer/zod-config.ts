import { z } from 'zod';

// The page's policy forbids `new Function`, which zod tries at its first schema. Must be the first import of the page.
z.config({ jitless: true });
