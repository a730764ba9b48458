import type { DeskHead } from './change-reads.ts';
import type { ChangedKeys } from './concerns.ts';

/** A commit of this process: what it reads right behind it is told to those who listen here, before the notice of it comes. */
export interface OwnCommit {
  /** What changed behind this place is wanted, and so much of it. */
  readonly after: number;
  readonly limit: number;
  tell(at: DeskHead, changes: readonly ChangedKeys[]): void;
  /** Nothing could be read: whoever listens is told by a look of their own. */
  lost(): void;
}
export interface OwnCommits {
  /**
   * The session's author learns of it by the answer. `connection`: the one that commits, whose notice of it tells nothing more. Null: nobody
   * listens to this desk here.
   */
  of(deskId: string, sessionId: string, connection: object): OwnCommit | null;
}
