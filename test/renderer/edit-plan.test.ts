import { describe, expect, it } from 'vitest';
import { commandTypes } from '../../src/domain/commands.ts';
import { editPlan } from '../../src/renderer/features/outbox/edit-plan.ts';

const id = '00000000-0000-7000-8000-000000000001';
const plan = (type: string, payload: unknown) =>
  editPlan({ type, payload: JSON.parse(JSON.stringify(payload)) }, 'America/Lima');

describe('SY9 editing an act that was not applied', () => {
  it('puts its words into the form that wrote them', () => {
    expect(plan('addNote', { visibility: 'public', text: 'Ya va' })).toMatchObject({
      kind: 'public',
      content: { text: 'Ya va' },
      opens: { note: 'public' },
    });
    expect(plan('resolve', { solution: 'Se reinició', duringCall: true })).toMatchObject({
      content: { text: 'Se reinició' },
      opens: { dialog: 'resolve' },
    });
    expect(plan('recordVisit', { arrivedAt: Date.UTC(2026, 10, 23, 14, 40), leftAt: null, text: '' })).toMatchObject({
      content: { arrived: '2026-11-23T09:40', left: '' },
    });
  });
  it('edits a subject where it stands, and opens a choice with what was chosen', () => {
    expect(plan('editFields', { changes: { subject: { from: 'a', to: 'b' } } })).toEqual({
      where: 'field',
      field: 'subject',
      text: 'b',
    });
    expect(plan('setVendorCase', { vendorCase: { from: null, to: 'SR-1' } })).toEqual({
      where: 'dialog',
      dialog: 'vendorCase',
    });
  });
  it('offers nothing for a press of a button, a type of tomorrow or a content that it cannot read', () => {
    expect(plan('claim', {})).toBeNull();
    expect(plan('levitate', { text: 'x' })).toBeNull();
    expect(plan('reassign', { toPersonId: id })).toBeNull();
    for (const type of commandTypes) expect(plan(type, null)).toBeNull();
  });
});
