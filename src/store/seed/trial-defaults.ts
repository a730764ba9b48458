export interface SeedOptions {
  readonly seed: number;
  /** One password for every account of the trial: it guards made-up people on a loopback address. */
  readonly password: string;
}
export const trialDefaults: SeedOptions = { seed: 2026, password: 'chasqui-prueba' };
