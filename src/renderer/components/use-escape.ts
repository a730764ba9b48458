import { type KeyboardEvent as ReactKeyboardEvent, useRef } from 'react';

/** A list or a menu that stands open over it: Escape is for that one. */
const OPEN_ABOVE = '[data-radix-popper-content-wrapper] > [data-state=open]';

/**
 * What the content of a layer needs so that Escape closes it from the moment that it has the focus. Radix itself hears the key only
 * some tasks later, and until then through a layer below that is closing; a key pressed meanwhile would be lost.
 */
export function useEscape(close: () => void) {
  const heard = useRef<Event | null>(null);
  return {
    onEscapeKeyDown(event: KeyboardEvent) {
      heard.current = event;
    },
    onKeyDown({ key, target, currentTarget, nativeEvent }: ReactKeyboardEvent<HTMLElement>) {
      if (key !== 'Escape' || heard.current === nativeEvent) return;
      // React hands on what happens in a list that only the code stands inside this layer.
      if (!(target instanceof Node) || !currentTarget.contains(target)) return;
      if (document.querySelector(OPEN_ABOVE) !== null) return;
      nativeEvent.preventDefault();
      close();
    },
  };
}
