import type { keyboard as es } from '../es/keyboard.ts';
import type { Words } from '../language.ts';

export const keyboard: Words<typeof es> = {
  title: 'Keyboard shortcuts',
  groups: { ticket: 'Open ticket', create: 'Register', go: 'Go to', list: 'List', app: 'Console' },
  now: 'What does not apply now is dimmed.',
};
