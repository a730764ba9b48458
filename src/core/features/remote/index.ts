import type { Asset } from '../../../domain/directory.ts';
import { type LaunchPlan, remoteLaunch } from '../../../domain/remote-launch.ts';
import type { RemoteTool } from '../../../domain/vocabulary.ts';
import type { ConsoleError } from '../../../protocol/console/client.ts';
import { consoleMethods } from '../../../protocol/console/methods.ts';
import { assert } from '../../../shared/assert.ts';
import { faultOf } from '../../../shared/fault.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed } from '../../failures.ts';
import { type Desk, requireOpenDesk, type World } from '../../world.ts';
import { writeActs } from '../acts/index.ts';

interface Asked {
  readonly personId?: string | undefined;
  readonly ticketId: string;
  readonly tool: RemoteTool;
  readonly assetId: string;
}
interface Prepared extends Desk {
  readonly asset: Asset;
  readonly plan: LaunchPlan;
}

/** The screen names a tool and a device. Address, template and what is started come from the directory and the desk's settings. */
export function remoteFeature(world: World): Handlers<'remote.preview' | 'remote.launch' | 'remote.end'> {
  function prepare(asked: Asked): Result<Prepared, ConsoleError> {
    const { ticketId, tool, assetId } = asked;
    const desk = requireOpenDesk(world, asked.personId);
    if (!desk.ok) return desk;
    const { cache } = desk.value.runtime.files;
    const asset = cache.directory().asset(assetId);
    if (asset === null || cache.shown(ticketId) === null) return failed('notFound');
    const plan = remoteLaunch(tool, asset, desk.value.session.settings.remote);
    return plan.ok ? ok({ ...desk.value, asset, plan: plan.value }) : failed('noRemoteAddress', { reason: plan.error });
  }

  return {
    'remote.preview'(asked) {
      const { ticketId, tool } = asked;
      const ready = prepare(asked);
      if (!ready.ok) return ready;
      const { asset, plan, runtime } = ready.value;
      const { cache } = runtime.files;
      const requester = cache.shown(ticketId)?.requester;
      const personId =
        asset.personId ?? (requester !== undefined && 'personId' in requester ? requester.personId : null);
      const unlisted = requester !== undefined && 'unlisted' in requester ? requester.unlisted.name : '';
      return ok({
        tool,
        deviceLabel: [asset.tag, asset.hostName ?? asset.model].filter((part) => part !== null).join(' · '),
        personName: (personId === null ? null : cache.directory().person(personId)?.name) ?? unlisted,
        target: plan.target,
      });
    },

    /** The start is on the disk before anything is launched. A repeated request launches nothing again. */
    async 'remote.launch'({ requestId, consent, ...asked }) {
      const { ticketId, tool, assetId } = asked;
      const ready = prepare(asked);
      if (!ready.ok) return ready;
      const { runtime, plan } = ready.value;
      const given = consoleMethods['remote.launch'].result.safeParse(runtime.files.outbox.answerTo(requestId));
      if (given.success) return ok(given.data);
      const sessionId = world.deps.random.id();
      const payload = { sessionId, tool, assetId, target: plan.target, consent };
      const done = await writeActs(world, ready.value, {
        acts: [{ ticketId, type: 'startRemoteSession', payload }],
        atomic: true,
        requestId,
        clearDraft: null,
        answer: () => ({ ok: true, sessionId, launched: true }),
      });
      if (!done.ok) return done;
      const written = done.value.results[0];
      assert(written !== undefined, 'an act has a result');
      if (!written.ok) return ok({ ok: false, refusal: written.refusal });
      return ok({ ok: true, sessionId, launched: await launch(plan) });
    },

    async 'remote.end'({ personId, requestId, ticketId, sessionId, outcome, note, clearDraft }) {
      const desk = requireOpenDesk(world, personId);
      if (!desk.ok) return desk;
      const given = consoleMethods['remote.end'].result.safeParse(desk.value.runtime.files.outbox.answerTo(requestId));
      if (given.success) return ok(given.data);
      const done = await writeActs(world, desk.value, {
        acts: [{ ticketId, type: 'endRemoteSession', payload: { sessionId, outcome, note } }],
        atomic: true,
        requestId,
        clearDraft,
        answer: (plan) => ({ result: { ...plan.results[0] } }),
      });
      if (!done.ok) return done;
      const result = done.value.results[0];
      assert(result !== undefined, 'an act has a result');
      return ok({ result });
    },
  };

  async function launch(plan: LaunchPlan): Promise<boolean> {
    try {
      return (await world.deps.launcher.launch(plan)).launched;
    } catch (error) {
      world.deps.log.write('warn', 'launchFailed', { error: faultOf(error) });
      return false;
    }
  }
}
