import { record } from './recorder.ts';
import { strict } from './unimplemented.ts';

const registered = new Map<string, () => void>();

export const globalShortcut = strict('globalShortcut', {
  register: (accelerator: string, call: () => void): boolean => {
    record('globalShortcut.register', { accelerator });
    if (registered.has(accelerator)) return false;
    registered.set(accelerator, call);
    return true;
  },
  isRegistered: (accelerator: string): boolean => registered.has(accelerator),
  unregister: (accelerator: string): void => {
    registered.delete(accelerator);
  },
  unregisterAll: (): void => registered.clear(),
});
