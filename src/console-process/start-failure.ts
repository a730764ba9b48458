import { ConsoleStartError } from './console-start-error.ts';

/** Why a console cannot start, for the person, in the two languages of its hosts. Nothing was changed or deleted. */
const sentences = {
  es: {
    profileInUse: 'Otra consola ya trabaja en esta carpeta. Ciérrela y vuelva a abrir Chasqui.',
    cacheTooNew:
      'Los datos de esta carpeta son de una versión más nueva de Chasqui. Instale esa versión: no se borró nada.',
    diskFull: 'El disco está lleno. Libere espacio y vuelva a abrir Chasqui: lo guardado sigue ahí.',
    readOnly: 'Chasqui no puede escribir en su carpeta. Revise sus permisos y vuelva a abrirlo.',
    ioError: 'El disco no responde bien. Lo guardado no se tocó; avise a soporte.',
  },
  en: {
    profileInUse: 'Another console works on this folder already. Close it and open Chasqui again.',
    cacheTooNew: 'The data in this folder is of a newer version of Chasqui. Install that version: nothing was deleted.',
    diskFull: 'The disk is full. Free some space and open Chasqui again: what was saved is still there.',
    readOnly: 'Chasqui cannot write to its folder. Check its permissions and open it again.',
    ioError: 'The disk does not answer well. What was saved was not touched; tell support.',
  },
} as const;
type Known = keyof typeof sentences.es;

/** The code of a refused start; null for anything else, which is a bug. */
export const startFailureCode = (error: unknown): string | null =>
  error instanceof ConsoleStartError ? error.code : null;

/** The sentence for a code; null for one that has none. */
export const startFailureSentence = (code: string | null, language: 'es' | 'en'): string | null =>
  code !== null && Object.hasOwn(sentences.es, code) ? sentences[language][code as Known] : null;
