import type { Json } from './outbox.ts';

/** Structured, one line an event. Never a password, a token or the text of a ticket. */
export interface LogPort {
  write(level: 'debug' | 'info' | 'warn' | 'error', event: string, details: { readonly [key: string]: Json }): void;
}
