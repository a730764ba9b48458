import { describe, expect, it } from 'vitest';
import type { ShownEntry } from '../../../src/protocol/console/rows.ts';
import { prefillSheet } from '../../../src/renderer/features/dialogs/prefill-sheet.ts';
import { ended, entry, escalated, id, note, started } from './make-entry.ts';

const words = { remoteLine: (tool: string, target: string, outcome: string | null) => `${tool} ${target} ${outcome}` };
const asset = {
  id: id(40),
  version: 1,
  active: true,
  tag: '740899501',
  hostName: 'PUNO-INS-014',
  ip: '10.21.3.44',
  model: null,
  personId: null,
  siteId: null,
  remoteIds: {},
};
const fill = (entries: readonly ShownEntry[], device: typeof asset | null = asset) =>
  prefillSheet({ ticket: {} as never, entries: [...entries], asset: device }, words);

describe('handover sheet, prefilled', () => {
  it('R16: internal notes and remote sessions are what was tried, their outcome what was found', () => {
    const { sheet, sources } = fill([
      entry(1, note('Borré la credencial')),
      entry(2, started(id(70))),
      entry(3, ended(id(70), 'No responde')),
    ]);
    expect(sheet).toEqual({
      tried: 'Borré la credencial\nrustdesk PUNO-INS-014 partly',
      found: 'No responde',
      pending: '',
      device: 'PUNO-INS-014 · 10.21.3.44 · 740899501',
    });
    expect(sources).toEqual(['notes', 'remote', 'asset']);
  });

  it('says nothing that nobody wrote', () => {
    expect(fill([], null)).toEqual({ sheet: { tried: '', found: '', pending: '', device: '' }, sources: [] });
  });

  it('leaves out what the user was told, and the work of the tier before', () => {
    const { sheet } = fill([
      entry(1, note('del nivel 1')),
      entry(2, escalated),
      entry(3, note('al usuario', 'public')),
      entry(4, note('del nivel 2')),
    ]);
    expect(sheet.tried).toBe('del nivel 2');
  });

  it('stays short enough to be read', () => {
    expect(fill([entry(1, note('x'.repeat(10_000)))]).sheet.tried.length).toBeLessThanOrEqual(1_500);
  });
});
