const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const names: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: '⇧',
  alt: isMac ? '⌥' : 'Alt',
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  space: 'Espacio',
};

/** `mod+shift+k` → ['Ctrl', '⇧', 'K']; `g m` → ['G', 'M']. */
export const keyLabels = (keys: string): string[] =>
  keys.split(/[+ ]/).map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));

/** The chord of a key press in the notation of the actions. Shift is named only where the key itself does not show it. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const letterOrName = /^[a-zñ]$/.test(key) || key.length > 1;
  const parts = [
    (isMac ? event.metaKey : event.ctrlKey) ? 'mod' : null,
    event.altKey ? 'alt' : null,
    event.shiftKey && letterOrName ? 'shift' : null,
    key,
  ];
  return parts.filter((part) => part !== null).join('+');
}

/** True where typing belongs to the text being written. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));
