import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConsoleClient } from '../../../src/protocol/console/client.ts';
import { createStoredDraft } from '../../../src/renderer/features/drafts/stored-draft.ts';
import { type ConsoleRig, createScene, signedIn } from '../../support/console/console-rig.ts';

const schema = z.object({ text: z.string() });
const words = (text: string) => ({ text });
let ids = 1;

/** Windows on one draft of a real engine; `lose`: the next answer does not reach the window, though it was done. */
async function stage() {
  const rig: ConsoleRig = await signedIn(createScene());
  const faults = { lose: false };
  const client: Pick<ConsoleClient, 'call'> = {
    call: async (method, params) => {
      const answer = await rig.call(method, params);
      const lost = faults.lose;
      faults.lose = false;
      return lost ? { ok: false, error: { code: 'hostGone', params: {} } } : answer;
    },
  };
  const open = async (adopt = () => true) => {
    const window = createStoredDraft({
      client,
      key: 'k',
      ticketId: null,
      schema,
      isEmpty: ({ text }) => text === '',
      newId: () => `copy ${ids++}`,
    });
    await window.load(adopt);
    return window;
  };
  const kept = async () => (await rig.must('drafts.list', {})).drafts.map(({ content }) => content);
  return { rig, open, kept, faults };
}

describe('two windows on one draft', () => {
  it('SY1: emptied in one, what the other wrote since is not thrown away: it is the conflict of a save', async () => {
    const { open, kept } = await stage();
    const first = await open();
    await first.save(words('uno'), null);
    const second = await open();
    expect(await second.save(words('uno y dos'), null)).toBe('saved');
    expect(await first.discard()).toBe('conflict');
    expect(first.other()).toEqual(words('uno y dos'));
    expect(await first.discard()).toBe('conflict');
    expect(await kept()).toEqual([words('uno y dos')]);
    first.choose();
    expect(await first.discard()).toBe('saved');
    expect(await kept()).toEqual([]);
  });

  it('SY1: a save that met other words meets them again until the person chose', async () => {
    const { open, kept } = await stage();
    const [first, second] = [await open(), await open()];
    await first.save(words('uno'), null);
    expect(await second.save(words('dos'), null)).toBe('conflict');
    expect(await second.save(words('dos'), null)).toBe('conflict');
    expect(await kept()).toEqual([words('uno')]);
    second.choose();
    expect(await second.save(words('dos'), null)).toBe('saved');
    expect(await kept()).toEqual([words('dos')]);
  });

  it('SY1: an act uses up what its own window saw, also while a conflict is open', async () => {
    const { open } = await stage();
    const first = await open();
    await first.save(words('uno'), null);
    const seen = await first.used();
    const second = await open();
    await second.save(words('uno y dos'), null);
    expect(await first.used()).toEqual(seen);
    expect(await first.save(words('uno y tres'), null)).toBe('conflict');
    expect(await first.used()).toEqual(seen);
    expect((await second.used()).seenVersion).toBeGreaterThan(seen.seenVersion);
  });

  it('SY2: of a save whose answer was lost the act uses up what the engine has of it', async () => {
    const { rig, open, faults } = await stage();
    const only = await open();
    faults.lose = true;
    expect(await only.save(words('uno'), null)).toBe('failed');
    const version = (await rig.must('drafts.get', { key: 'k' })).draft?.version;
    expect(await only.used()).toEqual({ key: 'k', seenVersion: version });
    expect(await only.save(words('uno y más'), null)).toBe('saved');
  });

  it('SY1: words typed before the stored ones were read do not go over them', async () => {
    const { open, kept } = await stage();
    await (await open()).save(words('de ayer'), null);
    const hasty = await open(() => false);
    expect(await hasty.save(words('de hoy'), null)).toBe('conflict');
    expect(hasty.other()).toEqual(words('de ayer'));
    expect(await kept()).toEqual([words('de ayer')]);
  });

  it('SY1: a text whose screen goes before anybody chose is kept beside the other', async () => {
    const { open, kept } = await stage();
    const [first, second] = [await open(), await open()];
    await first.save(words('uno'), null);
    expect(await second.save(words('dos'), null)).toBe('conflict');
    await second.aside(words('dos'));
    await second.aside(words('dos y más'));
    expect((await kept()).map((content) => JSON.stringify(content)).sort()).toEqual(
      [words('dos y más'), words('uno')].map((content) => JSON.stringify(content)),
    );
  });
});
