import type { Command } from '../../../domain/commands.ts';
import type { DirectoryLookup } from '../../../domain/directory.ts';
import { toBase32 } from '../../../domain/numbering.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { createActPlanner } from '../act-planner.ts';
import type { PlannedCommand } from '../planned-command.ts';
import type { CaseTally } from './case-tally.ts';
import { teamKey } from './directory.ts';
import { impactOf, importId, statusText, targetOf, words } from './mapping.ts';
import { moveTo } from './move-to.ts';
import type { LogCase, LogRow } from './read-log.ts';
import { settle } from './settle.ts';

/** A command with its place in the whole log. */
export interface PlacedCommand extends PlannedCommand {
  /** Never goes back within a case. */
  readonly sortAt: number;
}

/** A row being turned into acts of its resource. */
export interface RowContext {
  readonly row: LogRow;
  readonly personId: string;
  readonly tally: CaseTally;
  readonly id: (...parts: readonly (string | number)[]) => string;
  ticket(): Ticket | null;
  act(command: Command): void;
}

interface CaseDeps {
  readonly fileHash: string;
  readonly directory: DirectoryLookup;
  readonly importerId: string;
}

/** One case of the log as the commands that its people would have given: each row asks only for what the ticket has not yet. */
export function planCase(deps: CaseDeps, source: LogCase, caseIndex: number, tally: CaseTally): PlacedCommand[] {
  const id = (...parts: readonly (string | number)[]) => importId(deps.fileHash, ...parts);
  const planner = createActPlanner({
    ticketId: id('case', source.id),
    directory: deps.directory,
    programPersonId: deps.importerId,
    commandId: (index) => id('command', source.id, index),
  });
  const placed: PlacedCommand[] = [];
  let sortAt = Number.NEGATIVE_INFINITY;
  source.rows.forEach((row, index) => {
    sortAt = Math.max(sortAt, row.timestamp);
    const before = planner.planned.length;
    const previous = source.rows[index - 1];
    const personId = id('person', row.resource);
    const act = (command: Command): void => {
      const refusal = planner.act(personId, row.timestamp, command);
      if (refusal !== null) tally.refused.push({ row: index, command: command.type, code: refusal.code });
    };
    const ctx: RowContext = { row, personId, tally, id, ticket: planner.ticket, act };
    if (previous === undefined) act(registration(ctx, source.id, caseIndex));
    else moveTo(ctx, previous);
    settle(ctx);
    if (planner.planned.length === before) {
      if (previous !== undefined && sameButTime(previous, row)) tally.unchanged++;
      else if (targetOf(row).kind !== 'unmapped') tally.repeatedCompletion++;
      // Kept as an event: the log says that somebody was there at that time.
      act({ type: 'addNote', payload: { visibility: 'internal', text: `${words.notInSource}: ${statusText(row)}` } });
    }
    for (const planned of planner.planned.slice(before)) placed.push({ ...planned, sortAt });
  });
  return placed;
}

function registration({ row, id }: RowContext, caseId: string, caseIndex: number): Command {
  return {
    type: 'register',
    payload: {
      provisionalCode: `BP-${toBase32(caseIndex, 3)}`,
      kind: 'incident',
      subKind: 'software',
      channel: 'other',
      mode: null,
      serviceId: id('service', row.product),
      requester: { unlisted: { name: words.noRequester, unit: '', site: '', extension: '' } },
      orgUnitId: null,
      siteId: id('site', row.org_country === '' ? '--' : row.org_country),
      subject: `${row.product}: caso ${caseId}`,
      description: `${words.notInSource}. Caso ${caseId}, producto ${row.product}, línea ${row.org_line}.`,
      ...impactOf(row),
      assetId: null,
      teamId: id('team', teamKey(row.group, row.line)),
      initialTier: row.line,
    },
  };
}

function sameButTime(a: LogRow, b: LogRow): boolean {
  return (Object.keys(a) as (keyof LogRow)[]).every((key) => key === 'timestamp' || a[key] === b[key]);
}
