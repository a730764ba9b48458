import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTypes, isFact } from '../../src/domain/commands.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { isOpen } from '../../src/domain/vocabulary.ts';
import { conflictCases } from './conflict-cases.ts';
import { cell, conflictTable, situations, tabled } from './conflict-table.ts';

const cells = commandTypes.flatMap((type) =>
  situations.flatMap((situation) => {
    const found = cell(type, situation);
    return found === null ? [] : [{ type, situation, ...found, ...conflictCases[type] }];
  }),
);
/** What two people may set: the rest of a ticket is counted or derived. */
const shared = [
  'subject',
  'description',
  'kind',
  'subKind',
  'mode',
  'siteId',
  'urgency',
  'assetId',
  'vendorCase',
  'problemId',
  'requester',
  'teamId',
  'assigneeId',
  'status',
  'pendingReason',
  'solution',
  'mergedInto',
] as const satisfies readonly (keyof Ticket)[];
const plain = (value: unknown) => JSON.stringify(value ?? null);
const changedBetween = (a: Ticket, b: Ticket) => shared.filter((field) => plain(a[field]) !== plain(b[field]));

describe('docs/spec/conflicts.md', () => {
  it('says of every command and every change in between what the code does', () => {
    const page = readFileSync(new URL('../../docs/spec/conflicts.md', import.meta.url), 'utf8');
    const written = page.slice(page.indexOf('<!-- table:begin -->') + 20, page.indexOf('<!-- table:end -->')).trim();
    expect(written).toBe(conflictTable());
  });

  it('has every command, each fits where nothing happened, and enough of them meet enough changes', () => {
    expect([...tabled].sort()).toEqual([...commandTypes].sort());
    for (const { situation, run, type } of cells)
      if (situation === 'nothing') expect(run.verdict.kind, type).toBe('applied');
    expect(cells.length).toBeGreaterThan(600);
  });
});

describe.each(situations.map((situation) => [situation, cells.filter((met) => met.situation === situation)] as const))(
  'meanwhile: %s',
  (_situation, met) => {
    it('SY3 1 nothing that a person typed disappears: it is on the ticket, in a parked claim, or refused with its content', () => {
      for (const { type, run, texts } of met) {
        if (run.verdict.kind === 'refused') continue;
        const kept = JSON.stringify([run.ticket, run.entries, run.verdict]);
        for (const text of texts) expect(kept, type).toContain(text);
      }
    });

    it('SY9 2 a refusal changes nothing', () => {
      for (const { run, met: before, type } of met) {
        if (run.verdict.kind !== 'refused') continue;
        expect(run.ticket, type).toBe(before);
        expect(run.entries, type).toEqual([]);
      }
    });

    it('SY3 3 nothing is overwritten in silence: what moved since the author looked is set again only with a note of it', () => {
      for (const { run, met: before, seen, type } of met) {
        if (run.ticket === null || before === null || seen === null) continue;
        const moved = changedBetween(seen, before);
        const overwritten = changedBetween(before, run.ticket).filter((field) => moved.includes(field));
        if (overwritten.length === 0) continue;
        expect(run.verdict.kind, `${type} over ${overwritten.join()}`).toBe('merged');
        const told = run.verdict.kind === 'merged' ? run.verdict.notes : [];
        for (const field of overwritten) {
          // The reason of waiting goes with the status, and a ticket that is put back says so by its merge.
          const names = field === 'pendingReason' ? ['pendingReason', 'status'] : [field];
          const note = told.find((candidate) => names.includes(candidate.field ?? ''));
          expect(note, `${type}: ${field}`).toBeDefined();
          expect(note?.by, `${type}: ${field}`).not.toBeNull();
          expect(note?.mine, `${type}: ${field}`).toBeDefined();
        }
      }
    });

    it('SY3 4 both values come with who set them and when, to an author who may see the ticket', () => {
      for (const { run, type } of met) {
        if (run.verdict.kind === 'merged') {
          for (const note of run.verdict.notes) {
            if (note.value === null) continue;
            expect([note.by, note.at, note.field], type).not.toContain(null);
            expect(note.field, type).toBeDefined();
          }
        }
        if (run.verdict.kind !== 'parked') continue;
        for (const claim of run.ticket?.parked.slice(-1) ?? [])
          for (const conflict of claim.conflicts)
            if (conflict.theirs !== null) expect([conflict.theirsBy, conflict.theirsAt], type).not.toContain(null);
      }
    });

    it('SY9 5 a fact is refused only to a role that may write nothing; 6 SY14 what was accepted before a restore never is', () => {
      for (const { run, type, situation } of met) {
        if (run.verdict.kind !== 'refused') continue;
        expect(situation.startsWith('restored'), type).toBe(false);
        if (isFact(type)) expect(run.verdict.refusal.code, type).toBe('forbidden');
      }
    });

    it('SY3 7 a ticket that is not open was not opened by any but reopen and unmerge', () => {
      for (const { run, met: before, type } of met) {
        if (before === null || run.ticket === null || isOpen(before.status) || !isOpen(run.ticket.status)) continue;
        expect(['reopen', 'unmerge'], type).toContain(type);
      }
    });
  },
);
