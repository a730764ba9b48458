import type { Command } from '../../domain/commands.ts';

/** A command that a program gives on behalf of a person: from a foreign log, or of the trial's organisation. */
export interface PlannedCommand {
  /** Derived from the source, so that the same plan run twice writes nothing twice. */
  readonly id: string;
  readonly ticketId: string;
  /** Who acted, and when by the source's clock. */
  readonly personId: string;
  readonly at: number;
  readonly command: Command;
}
