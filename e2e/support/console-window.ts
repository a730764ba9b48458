import type { Page } from '@playwright/test';

/** What the host was asked to launch: a link, or a file with its content. */
export interface Launched {
  readonly subject: string;
  readonly content: string | null;
}

/** A technician's console on one host, with a folder of its own that outlives its process. */
export interface ConsoleWindow {
  page: Page;
  /** Holds `data`, the console's own; outlives its process. */
  readonly folder: string;
  /** SIGKILL to the console and everything of it. */
  kill(): Promise<void>;
  /** Ends it as a person would. */
  quit(): Promise<void>;
  /** Starts it again on the same folder; `page` is the new window. */
  reopen(): Promise<void>;
  launches(): Promise<readonly Launched[]>;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  readonly storeUrl: string;
  readonly folder: string;
  readonly chromiumPath: string;
  readonly locale: string;
  readonly colorScheme: 'light' | 'dark';
  /** How far its computer's clock is ahead; portable host only. */
  readonly clockOffsetMs: number;
}
