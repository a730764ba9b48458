import type { LauncherPort } from '../core/ports/launcher.ts';
import type { SecretsPort } from '../core/ports/secrets.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { HostRequest } from './wire.ts';

interface HostPorts {
  readonly launcher: LauncherPort;
  readonly secrets: SecretsPort;
}

/** Answers one question of the engine by the host's own ports. A port that throws answers with no value, never with its error. */
export async function serveHostRequest(
  { launcher, secrets }: HostPorts,
  request: HostRequest,
): Promise<Result<unknown, null>> {
  try {
    switch (request.port) {
      case 'launch':
        return ok(await launcher.launch(request.plan));
      case 'protect':
        return ok(await secrets.protect(request.text));
      case 'reveal':
        return ok(await secrets.reveal(request.sealed));
    }
  } catch {
    return err(null);
  }
}
