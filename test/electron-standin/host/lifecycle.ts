import type { Browser } from './chromium.ts';

/** The few facts that every module asks for; app owns the changes of them. */
export const lifecycle: {
  ready: boolean;
  quitting: boolean;
  browser: Promise<Browser> | undefined;
  /** Starts Chromium, once. */
  startBrowser: () => Promise<Browser>;
} = {
  ready: false,
  quitting: false,
  browser: undefined,
  startBrowser: () => Promise.reject(new Error('the app is not set up yet')),
};
