import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';
import { es } from './es/index.ts';
import { defaultLanguage, type Language } from './language.ts';

/** Catalogues are bundled, so this is ready before the first paint. React escapes, i18next does not. */
export function setUpLanguage(language: Language = defaultLanguage): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: defaultLanguage,
    resources: { es: { translation: es }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  });
}

export function changeLanguage(language: Language): void {
  document.documentElement.lang = language;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
