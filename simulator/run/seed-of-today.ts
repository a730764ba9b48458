const DAY_MS = 86_400_000;

/** Another range of seeds each day (UTC): nobody can have tuned anything to it. */
export const seedOfToday = (): number => Math.floor(Date.now() / DAY_MS) * 100_000;
