const DAY_MS = 86_400_000;

/** Another range of seeds each day: nobody can have tuned anything to it. It is printed, so that it can be played again. */
export const seedOfToday = (): number => Math.floor(Date.now() / DAY_MS) * 100_000;
