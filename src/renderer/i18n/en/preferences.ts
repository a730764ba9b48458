import type { preferences as es } from '../es/preferences.ts';
import type { Words } from '../language.ts';

export const preferences: Words<typeof es> = {
  title: 'Preferences',
  language: 'Language',
  languages: { es: 'Español', en: 'English' },
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  density: 'Density',
  densities: { comfortable: 'Comfortable', compact: 'Compact' },
  about: 'Chasqui {{version}} · {{host}} · {{platform}}',
  hosts: { electron: 'desktop application', portable: 'portable console' },
  password: {
    title: 'Change password',
    current: 'Current password',
    next: 'New password',
    again: 'Repeat the new password',
    hint: 'At least 10 characters.',
    differ: 'The two do not match.',
    short: '{{n}} characters more.',
    submit: 'Change',
    done: 'Password changed',
    offline: 'Changing the password needs the link.',
  },
};
