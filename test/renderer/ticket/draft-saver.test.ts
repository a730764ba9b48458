import { describe, expect, it } from 'vitest';
import {
  createDraftSaver,
  type DraftState,
  type SaveAnswer,
} from '../../../src/renderer/features/drafts/draft-saver.ts';

/** A saver over a hand-turned clock and saves that are answered when the test says so. */
function stage() {
  const written: string[] = [];
  const states: DraftState[] = [];
  const answers: ((answer: SaveAnswer) => void)[] = [];
  const ids: (string | null)[] = [];
  let timer: (() => void) | null = null;
  let discards = 0;
  let onDiscard: SaveAnswer = 'saved';
  const saver = createDraftSaver<string>({
    save: (content, requestId) => {
      written.push(content);
      ids.push(requestId);
      return new Promise((resolve) => answers.push(resolve));
    },
    discard: async () => {
      discards += 1;
      return onDiscard;
    },
    schedule: (run) => {
      timer = run;
      return () => {
        if (timer === run) timer = null;
      };
    },
    onState: (state) => states.push(state),
    isEmpty: (content) => content === '',
  });
  return {
    saver,
    written,
    ids,
    states,
    discards: () => discards,
    refuseDiscards: (answer: SaveAnswer) => {
      onDiscard = answer;
    },
    pause: () => {
      const run = timer;
      timer = null;
      run?.();
    },
    waiting: () => timer !== null,
    answer: async (answer: SaveAnswer = 'saved') => {
      answers.shift()?.(answer);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('drafts', () => {
  it('save at the pause of typing, and only what was typed last', async () => {
    const { saver, pause, written, answer, states } = stage();
    saver.type('El téc');
    saver.type('El técnico');
    expect(written).toEqual([]);
    pause();
    expect(written).toEqual(['El técnico']);
    expect(states.at(-1)).toBe('saving');
    await answer();
    expect(states.at(-1)).toBe('saved');
  });

  it('say “saved” only of the words on the screen', async () => {
    const { saver, pause, written, answer, states } = stage();
    saver.type('uno');
    pause();
    saver.type('uno dos');
    await answer();
    expect(states.at(-1)).toBe('typing');
    pause();
    expect(written).toEqual(['uno', 'uno dos']);
  });

  it('flush during a save is not lost', async () => {
    const { saver, pause, written, answer } = stage();
    saver.type('uno');
    pause();
    saver.type('uno dos');
    saver.flush();
    expect(written).toEqual(['uno']);
    await answer();
    expect(written).toEqual(['uno', 'uno dos']);
  });

  it('a save that failed is tried again with the same words', async () => {
    const { saver, pause, written, answer, states } = stage();
    saver.type('sin disco');
    pause();
    await answer('failed');
    expect(states.at(-1)).toBe('failed');
    pause();
    expect(written).toEqual(['sin disco', 'sin disco']);
  });

  it('an act on its way holds the draft: nothing is saved after the engine cleared it', async () => {
    const { saver, pause, written, waiting } = stage();
    saver.type('nota');
    saver.hold('nota', 'r1');
    expect(waiting()).toBe(false);
    saver.flush();
    pause();
    saver.forget();
    saver.flush();
    expect(written).toEqual([]);
  });

  it('SY9: an act that was refused gives the draft back, and it is saved', () => {
    const { saver, written } = stage();
    saver.type('nota');
    saver.hold('nota', 'r1');
    saver.release();
    expect(written).toEqual(['nota']);
  });

  it('SY2: what was tried and not answered is saved under the id that it was tried with, and other words are not', async () => {
    const { saver, ids, pause, answer, states } = stage();
    saver.type('nota');
    pause();
    await answer();
    saver.hold('nota', 'r1');
    saver.release();
    expect(ids).toEqual([null, 'r1']);
    await answer('sent');
    expect(states.at(-1)).toBe('clean');
    saver.type('otra');
    pause();
    expect(ids).toEqual([null, 'r1', null]);
  });

  it('another window’s words stop the saving until the person chooses', async () => {
    const { saver, written, pause, answer, states, waiting } = stage();
    saver.type('lo mío');
    pause();
    await answer('conflict');
    expect(states.at(-1)).toBe('conflict');
    expect(waiting()).toBe(false);
    // The window is left, and typing goes on: neither is a choice.
    saver.flush();
    saver.type('lo mío y más');
    pause();
    expect(written).toEqual(['lo mío']);
    expect(states.at(-1)).toBe('conflict');
    saver.settle('lo mío y más');
    await answer();
    expect(written).toEqual(['lo mío', 'lo mío y más']);
    expect(states.at(-1)).toBe('saved');
  });

  it('an emptied text stops as well where another window wrote since', async () => {
    const { saver, pause, states, waiting, discards, refuseDiscards } = stage();
    refuseDiscards('conflict');
    saver.type('');
    pause();
    await Promise.resolve();
    await Promise.resolve();
    expect(states.at(-1)).toBe('conflict');
    saver.flush();
    expect([discards(), waiting()]).toEqual([1, false]);
    refuseDiscards('saved');
    saver.settle('');
    await Promise.resolve();
    await Promise.resolve();
    expect([discards(), states.at(-1)]).toEqual([2, 'clean']);
  });

  it('an act waits for the save that is under way: only then is it known which version it uses up', async () => {
    const { saver, pause, answer } = stage();
    saver.type('nota');
    pause();
    let held = false;
    void saver.hold('nota', 'r1').then(() => {
      held = true;
    });
    await Promise.resolve();
    expect(held).toBe(false);
    await answer();
    await Promise.resolve();
    expect(held).toBe(true);
  });

  it('an emptied text takes its draft away', async () => {
    const { saver, pause, written, discards } = stage();
    saver.type('');
    pause();
    await Promise.resolve();
    expect(discards()).toBe(1);
    expect(written).toEqual([]);
  });
});
