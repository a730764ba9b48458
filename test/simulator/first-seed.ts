/**
 * Where the seeds of the tests begin: the same in every run, so that a red one is about the change and not about the day. New seeds are the
 * night's (`npm run simulate:night`); what they find comes here as a file in test/regressions.
 */
export const FIRST_SEED = 1_000_000;
