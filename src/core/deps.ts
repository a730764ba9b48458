import type { ClockPort } from './ports/clock.ts';
import type { HasherPort } from './ports/hasher.ts';
import type { LauncherPort } from './ports/launcher.ts';
import type { LogPort } from './ports/log.ts';
import type { ProfilesPort } from './ports/profiles.ts';
import type { RandomPort } from './ports/random.ts';
import type { SecretsPort } from './ports/secrets.ts';
import type { StoreClientPort } from './ports/store-client.ts';
import type { TimersPort } from './ports/timers.ts';

/** Everything that the core touches outside itself. There is no other way out. */
export interface CoreDeps {
  readonly clock: ClockPort;
  readonly timers: TimersPort;
  readonly random: RandomPort;
  readonly hasher: HasherPort;
  readonly profiles: ProfilesPort;
  readonly store: StoreClientPort;
  readonly secrets: SecretsPort;
  readonly launcher: LauncherPort;
  readonly log: LogPort;
  /** Name under which this machine is registered at its first sign-in. */
  readonly deviceName: string;
  /** Language of the screens before the person has chosen. */
  readonly language: 'es' | 'en';
}
