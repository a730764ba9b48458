import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/domain/commands.ts';
import { actors, claimed, ids, registered, run, T0, ticketAfter } from '../support/world.ts';

const { ana, sofia } = actors;
const reason = 'Cambio de turno';
const toBeto: Command = { type: 'reassign', payload: { fromPersonId: ids.ana, toPersonId: ids.beto, reason } };
const cancel: Command = { type: 'cancel', payload: { reason: 'No corresponde' } };
const transfer: Command = {
  type: 'transfer',
  payload: { toTeamId: ids.team1b, toPersonId: null, reason: 'Es de Puno' },
};
const note: Command = { type: 'addNote', payload: { visibility: 'internal', text: 'Probé otro cable' } };

/** As a restored store has it: registered, Ana's, and given to Beto two minutes after its start, as version 3. */
const moved = ticketAfter([ana, registered], [ana, claimed], [sofia, toBeto]);
const movedAt = T0 + 120_000;
/** Versions that the ticket had before the store was restored to an older state. */
const GONE = 9;

const notesOf = (command: Command, seenVersion: number, at: number) => {
  const { verdict } = run(moved, ana, command, { seenVersion, at });
  return [verdict.kind, verdict.kind === 'merged' ? verdict.notes.map(({ code }) => code) : []];
};

describe('an act whose author saw a version that the ticket does not have: it is of a store before its restore', () => {
  for (const command of [cancel, transfer, note]) {
    it(`SY14 ${command.type}: what moved after the act is told, by its time`, () => {
      expect(notesOf(command, GONE, movedAt - 1)).toEqual(['merged', ['assigneeMoved']]);
    });

    it(`SY14 ${command.type}: what had moved before the act is no news to its author`, () => {
      expect(notesOf(command, GONE, movedAt)).toEqual(['applied', []]);
    });

    it(`SY15 ${command.type}: a version that the ticket has decides alone, whatever the clocks say`, () => {
      expect(notesOf(command, 3, T0)).toEqual(['applied', []]);
      expect(notesOf(command, 2, movedAt + 1)).toEqual(['merged', ['assigneeMoved']]);
    });
  }
});
