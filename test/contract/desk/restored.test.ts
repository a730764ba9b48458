import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../src/domain/events.ts';
import type { Ticket } from '../../../src/domain/ticket.ts';
import { memoryPorts } from './memory-ports.ts';
import { runRestored } from './restored-history.ts';

const seeds = Array.from({ length: 40 }, (_, at) => 100 + at);

describe('a desk that lost a history', () => {
  it.each(seeds)('SY2 SY14 %i gets every ticket back with its number, and each fact once', async (seed) => {
    const { lost, pulled, transcript } = await runRestored(async () => memoryPorts(), seed, 60);
    const rows = pulled
      .split('\n')
      .filter((line) => line.startsWith('{"t":"up"'))
      .map((line) => JSON.parse(line) as { e: string; row: unknown });
    const tickets = rows.flatMap(({ e, row }) => (e === 'ticket' ? [row as Ticket] : []));
    const entries = rows.flatMap(({ e, row }) => (e === 'entry' ? [row as TimelineEntry] : []));
    const registers = lost.filter(({ command, outcome }) => command.type === 'register' && outcome.number !== null);
    expect(tickets.map(({ id, number }) => `${id} ${number}`).sort()).toEqual(
      registers.map(({ outcome }) => `${outcome.ticketId} ${outcome.number}`).sort(),
    );
    const notes = lost.filter(
      ({ command, outcome }) => command.type === 'addNote' && outcome.verdict.kind !== 'refused',
    );
    for (const { command } of notes) {
      const told = entries.filter((entry) => entry.id.startsWith(command.id) && entry.event.type === 'noteAdded');
      expect([command.id, told.length]).toEqual([command.id, 1]);
    }
    // What had been refused stays refused, and does nothing now.
    for (const { command, outcome } of lost) {
      if (outcome.verdict.kind !== 'refused') continue;
      expect(entries.filter((entry) => entry.id.startsWith(command.id))).toEqual([]);
    }
    expect(transcript.some((line) => line.includes('FORK'))).toBe(false);
  });
});
