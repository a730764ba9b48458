import { provisionalCode } from '../../../domain/numbering.ts';
import { consoleMethods } from '../../../protocol/console/methods.ts';
import { assert } from '../../../shared/assert.ts';
import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed } from '../../failures.ts';
import { requireOpenDesk, type World } from '../../world.ts';
import type { Act } from './plan-acts.ts';
import { writeActs } from './write-acts.ts';

export { writeActs } from './write-acts.ts';

export function actsFeature(world: World): Handlers<'acts.submit' | 'acts.register'> {
  return {
    async 'acts.submit'({ personId, requestId, atomic, acts, clearDraft }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const given = consoleMethods['acts.submit'].result.safeParse(desk.value.runtime.files.outbox.answerTo(requestId));
      if (given.success) return ok(given.data);
      const done = await writeActs(world, desk.value, {
        acts,
        atomic,
        requestId,
        clearDraft,
        answer: (plan) => ({ results: plan.results.map((result) => ({ ...result })) }),
      });
      return done.ok ? ok({ results: [...done.value.results] }) : done;
    },

    async 'acts.register'({ personId, requestId, input, split, claim, resolveWith, attachments, clearDraft }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const { outbox } = desk.value.runtime.files;
      const given = consoleMethods['acts.register'].result.safeParse(outbox.answerTo(requestId));
      if (given.success) return ok(given.data);
      const identity = outbox.identity();
      if (identity === null) return failed('notSignedIn');
      const ticketId = world.deps.random.id();
      const counter = identity.provisionalCounter + 1;
      const code = provisionalCode(identity.devicePrefix, counter);
      const first: Act =
        split === null
          ? {
              ticketId,
              type: 'register',
              payload: { ...input, provisionalCode: code, teamId: null, initialTier: null },
            }
          : { ticketId, type: 'split', payload: { ...input, provisionalCode: code, ...split } };
      const acts = [first];
      for (const file of attachments) acts.push({ ticketId, type: 'addAttachment', payload: file });
      // R15: answered while the requester is on the line is one act for the person, three for the timeline.
      if (claim || resolveWith !== null) acts.push({ ticketId, type: 'claim', payload: {} });
      if (resolveWith !== null)
        acts.push({ ticketId, type: 'resolve', payload: { solution: resolveWith, duringCall: true } });
      const done = await writeActs(world, desk.value, {
        acts,
        atomic: true,
        requestId,
        clearDraft,
        answer: () => ({ ok: true, ticketId, provisionalCode: code }),
        provisionalCounter: counter,
      });
      if (!done.ok) return done;
      const result = done.value.results[0];
      assert(result !== undefined, 'a register has a result');
      return result.ok ? ok({ ok: true, ticketId, provisionalCode: code }) : ok({ ok: false, refusal: result.refusal });
    },
  };
}
