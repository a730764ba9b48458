import { type CommandType, factTypes } from '../../src/domain/commands.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import { type CommandRun, runCommand } from '../../src/domain/run-command.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { contextFor, ids, T0 } from '../support/world.ts';
import { type ConflictCase, changes, conflictCases, others } from './conflict-cases.ts';

/** Long after the acts before it, within the days of reopening. */
const LATER = T0 + 3_600_000;

export interface Cell {
  readonly run: CommandRun;
  /** The ticket as the command met it. */
  readonly met: Ticket | null;
}

interface Meeting {
  readonly ticket: Ticket | null;
  readonly author?: Actor;
  readonly others?: readonly Ticket[];
  readonly former?: boolean;
}

/** The ticket after what others did; null where one of it cannot be done there. */
function changed(id: string, seen: Ticket, acts: ReturnType<(typeof changes)[string]>): Ticket | null {
  if (acts === null) return null;
  let ticket: Ticket | null = seen;
  for (const [index, [actor, command]] of acts.entries()) {
    const done: CommandRun = runCommand(
      ticket,
      id,
      command,
      contextFor(actor, { at: LATER - 600_000 + index, others }),
    );
    if (done.decision.kind === 'refused') return null;
    ticket = done.ticket;
  }
  return ticket;
}

const otherAs = (change: Partial<Ticket>): readonly Ticket[] =>
  others.map((ticket) => (ticket.id === ids.other ? { ...ticket, ...change } : ticket));
/** A change that asks nothing of the command. */
const changedBy = (change: string, seen: Ticket) =>
  changed(seen.id, seen, changes[change]?.(seen, conflictCases.close) ?? null);

/** What became of the author, of the other ticket, or of the store. Null: it cannot be met. */
const circumstances: Record<string, (met: ConflictCase) => Meeting | null> = {
  'the other ticket merged': ({ seen, command }) =>
    command.type === 'merge' || command.type === 'split'
      ? { ticket: seen, others: otherAs({ status: 'closed', mergedInto: ids.problem }) }
      : null,
  'the other ticket closed': ({ seen, command }) =>
    command.type === 'merge' || command.type === 'split'
      ? { ticket: seen, others: otherAs({ status: 'closed' }) }
      : null,
  'the other ticket out of scope': ({ seen, command }) =>
    command.type === 'merge' || command.type === 'split'
      ? { ticket: seen, others: otherAs({ siteId: ids.puno, teamId: ids.team1b }) }
      : null,
  'author made auditor': ({ seen, author }) => ({ ticket: seen, author: { ...author, role: 'auditor' } }),
  'author moved to another site': ({ seen, author }) => ({
    ticket: seen,
    author: {
      ...author,
      teamIds: [ids.team1b],
      grant: { ...author.grant, siteIds: [ids.puno], teamIds: [ids.team1b] },
    },
  }),
  'device revoked': ({ seen, author }) => ({ ticket: seen, author: { ...author, revoked: true } }),
  'restored, nothing else': ({ seen }) => ({ ticket: seen, former: true }),
  'restored, its ticket not back yet': ({ seen }) => (seen === null ? null : { ticket: null, former: true }),
  'restored, closed since': ({ seen }) => {
    const ticket = seen === null ? null : changedBy('closed', seen);
    return ticket === null ? null : { ticket, former: true };
  },
  'restored, author made auditor': ({ seen, author }) => ({
    ticket: seen,
    author: { ...author, role: 'auditor' },
    former: true,
  }),
  'restored, went out of scope since': ({ seen }) => {
    const ticket = seen === null ? null : changedBy('went out of scope', seen);
    return ticket === null ? null : { ticket, former: true };
  },
};

export const situations: readonly string[] = [...Object.keys(changes), ...Object.keys(circumstances)];

/** What the store makes of the command; null where the two cannot meet. */
export function cell(type: CommandType, situation: string): Cell | null {
  const met = conflictCases[type];
  const meeting = meetingOf(met, situation);
  if (meeting === null) return null;
  const author = meeting.author ?? met.author;
  const replayed = meeting.former === true;
  const ctx = contextFor(author, {
    // What came after a restore came after the act, and versions are of another epoch.
    at: replayed ? LATER - 1_200_000 : LATER,
    seenVersion: replayed ? 1_000 : (met.seen?.version ?? null),
    others: meeting.others ?? others,
  });
  const run = runCommand(meeting.ticket, met.seen?.id ?? ids.ticket, met.command, {
    ...ctx,
    former: replayed ? { kind: 'applied' } : null,
  });
  return { run, met: meeting.ticket };
}

function meetingOf(met: ConflictCase, situation: string): Meeting | null {
  const change = changes[situation];
  if (change === undefined) return circumstances[situation]?.(met) ?? null;
  if (met.seen === null) return situation === 'nothing' ? { ticket: null } : null;
  const ticket = changed(met.seen.id, met.seen, change(met.seen, met));
  return ticket === null ? null : { ticket };
}

function words(found: Cell | null): string {
  if (found === null) return '-';
  const { verdict, entries } = found.run;
  switch (verdict.kind) {
    case 'applied':
      return entries.some((entry) => entry.outOfScope) ? 'applied, flagged' : 'applied';
    case 'merged':
      return `merged: ${verdict.notes.map((note) => note.code).join(', ')}`;
    case 'parked':
      return 'parked';
    case 'refused':
      return `refused: ${verdict.refusal.code}`;
  }
}

const families: readonly (readonly [string, readonly CommandType[]])[] = [
  ['Facts', factTypes],
  ['Fields', ['editFields', 'reclassify', 'changeMode', 'setAsset', 'setVendorCase', 'linkProblem', 'linkRequester']],
  ['Who has it', ['claim', 'assign', 'reassign', 'transfer', 'escalate', 'accept', 'return']],
  ['Where it stands', ['changeStatus', 'resolve', 'reopen', 'close', 'cancel', 'settleParked']],
  ['Merge and split', ['merge', 'unmerge', 'undoSplit']],
];

/** Types of no family would be missing in the table. */
export const tabled: readonly CommandType[] = families.flatMap(([, types]) => types);

/** The tables as Markdown, one a family. `-`: the two cannot meet. */
export function conflictTable(): string {
  return families
    .map(([name, types]) => {
      const head = `### ${name}\n\n| meanwhile | ${types.map((type) => `\`${type}\``).join(' | ')} |\n|${' --- |'.repeat(types.length + 1)}`;
      const lines = situations
        .map((situation) => [situation, ...types.map((type) => words(cell(type, situation)))])
        .filter((line) => line.slice(1).some((word) => word !== '-'))
        .map((line) => `| ${line.join(' | ')} |`);
      return [head, ...lines].join('\n');
    })
    .join('\n\n');
}
