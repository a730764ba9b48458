import { describe, expect, it } from 'vitest';
import { createDraftSaver, type DraftState } from '../../../src/renderer/features/drafts/draft-saver.ts';

/** A saver over a hand-turned clock and saves that are answered when the test says so. */
function stage() {
  const written: string[] = [];
  const states: DraftState[] = [];
  const answers: ((saved: boolean) => void)[] = [];
  let timer: (() => void) | null = null;
  let discards = 0;
  const saver = createDraftSaver<string>({
    save: (content) => {
      written.push(content);
      return new Promise((resolve) => answers.push(resolve));
    },
    discard: async () => {
      discards += 1;
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
    states,
    discards: () => discards,
    pause: () => {
      const run = timer;
      timer = null;
      run?.();
    },
    waiting: () => timer !== null,
    answer: async (saved = true) => {
      answers.shift()?.(saved);
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
    await answer(false);
    expect(states.at(-1)).toBe('failed');
    pause();
    expect(written).toEqual(['sin disco', 'sin disco']);
  });

  it('an act on its way holds the draft: nothing is saved after the engine cleared it', async () => {
    const { saver, pause, written, waiting } = stage();
    saver.type('nota');
    saver.hold();
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
    saver.hold();
    saver.release();
    expect(written).toEqual(['nota']);
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
