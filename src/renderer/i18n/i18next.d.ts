import 'i18next';
import type { es } from './es/index.ts';
import type { Words } from './language.ts';

// Keys are checked by the compiler; that both languages name the same parameters is checked by a test.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Words<typeof es> };
  }
}
