import type { LaunchPlan } from '../../domain/remote-launch.ts';

/** Starts a remote-support tool with no shell. A launch proves nothing: the person says how it ended. */
export interface LauncherPort {
  launch(plan: LaunchPlan): Promise<{ readonly launched: boolean }>;
}
