import { plain, record } from './recorder.ts';
import { StrictEmitter, strict } from './unimplemented.ts';

const shown = new Map<number, Notification>();
let made = 0;

/** A native notification that nobody sees but the record. */
export class Notification extends StrictEmitter {
  readonly id: number;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  urgency: string;
  timeoutType: string;
  #options: object;

  static isSupported(): boolean {
    return true;
  }

  constructor(
    options: {
      title?: string;
      subtitle?: string;
      body?: string;
      silent?: boolean;
      urgency?: string;
      timeoutType?: string;
    } = {},
  ) {
    super('Notification', ['show', 'click', 'close'], ['reply', 'action', 'failed']);
    made += 1;
    this.id = made;
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
    this.urgency = options.urgency ?? 'normal';
    this.timeoutType = options.timeoutType ?? 'default';
    this.#options = options;
    // biome-ignore lint/correctness/noConstructorReturn: main must hold the wrapper that reports what it lacks
    return strict('Notification', this);
  }

  show(): void {
    shown.set(this.id, this);
    record('notification', {
      id: this.id,
      title: this.title,
      body: this.body,
      silent: this.silent,
      options: plain(this.#options),
    });
    setImmediate(() => this.emit('show', { preventDefault: () => {} }));
  }

  close(): void {
    if (!shown.delete(this.id)) return;
    record('notification.close', { id: this.id });
    this.emit('close', { preventDefault: () => {} });
  }
}

/** The person clicks or dismisses a notification; answers false if it is no longer there. */
export function touchNotification(event: 'click' | 'close', id?: number): boolean {
  const key = id ?? [...shown.keys()].at(-1);
  const notification = key === undefined ? undefined : shown.get(key);
  if (key === undefined || notification === undefined) return false;
  shown.delete(key);
  if (event === 'click') notification.emit('click', { preventDefault: () => {} });
  notification.emit('close', { preventDefault: () => {} });
  return true;
}
