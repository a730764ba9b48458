import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { userAgent: 'Linux' });
const { allActions } = await import('../../src/renderer/actions/all-actions.ts');
const { chordOf, keyLabels } = await import('../../src/renderer/lib/keys.ts');

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('actions', () => {
  it('have names of their own', () => {
    const names = allActions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
  it('share a key only where their states exclude each other', () => {
    const byKey = new Map<string, string[]>();
    for (const { name, keys } of allActions)
      for (const key of keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), name]);
    const shared = [...byKey].filter(([, names]) => names.length > 1);
    expect(Object.fromEntries(shared)).toEqual({
      s: ['ticket.assign', 'ticket.reassign'],
      escape: ['list.clearMarks', 'list.closeTicket'],
    });
  });
  it('name their keys as a press of them reads', () => {
    expect(press('k', { ctrlKey: true })).toBe('mod+k');
    expect(press('S', { shiftKey: true })).toBe('shift+s');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('Enter', { ctrlKey: true, shiftKey: true })).toBe('mod+shift+enter');
    expect(press(' ')).toBe('space');
    expect(keyLabels('mod+shift+k')).toEqual(['Ctrl', '⇧', 'K']);
    expect(keyLabels('g m')).toEqual(['G', 'M']);
  });
});
