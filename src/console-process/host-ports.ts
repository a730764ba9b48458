import { z } from 'zod';
import type { LauncherPort } from '../core/ports/launcher.ts';
import type { SecretsPort } from '../core/ports/secrets.ts';
import type { Result } from '../shared/result.ts';
import { createPendingAnswers } from './pending-answers.ts';
import type { HostRequest } from './wire.ts';

const launchedSchema = z.object({ launched: z.boolean() });

/** The host's ports as the engine's worker sees them: each use is a question to the host's thread. */
export function createHostPorts(send: (id: number, request: HostRequest) => void) {
  const pending = createPendingAnswers<Result<unknown, null>>();
  const ask = (request: HostRequest) => pending.ask((id) => send(id, request));
  const launcher: LauncherPort = {
    async launch(plan) {
      const answer = await ask({ port: 'launch', plan });
      return answer.ok ? launchedSchema.parse(answer.value) : { launched: false };
    },
  };
  const secrets: SecretsPort = {
    async protect(text) {
      const answer = await ask({ port: 'protect', text });
      if (!answer.ok) throw new Error('the host could not seal a secret');
      return z.string().parse(answer.value);
    },
    async reveal(sealed) {
      const answer = await ask({ port: 'reveal', sealed });
      return answer.ok ? z.string().nullable().parse(answer.value) : null;
    },
  };
  return { launcher, secrets, answered: pending.settle };
}
