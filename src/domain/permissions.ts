import type { CommandType } from './commands.ts';
import type { ScopeGrant } from './scope.ts';
import type { Role } from './vocabulary.ts';

/** Who acts. Built from the session only, never from a body. */
export interface Actor {
  readonly personId: string;
  /** The program that submits on the actor's behalf; null when the person acts. */
  readonly submitterId: string | null;
  readonly role: Role;
  readonly grant: ScopeGrant;
  /** Teams the person works in. */
  readonly teamIds: readonly string[];
  /** May set `initialTier` and write for others: imports and intake. */
  readonly mayImport: boolean;
  /** The device or the person was revoked: facts are parked, claims refused. */
  readonly revoked: boolean;
}

/**
 * How far a right reaches:
 * `any` every ticket of the desk · `scope` tickets in the person's scope · `team` tickets of one of the person's teams
 * · `own` tickets assigned to the person, or of their team while unassigned · `no`.
 */
export type Reach = 'any' | 'scope' | 'team' | 'own' | 'no';

const everyone = { technician: 'any', supervisor: 'any', administrator: 'any', auditor: 'no', service: 'any' } as const;
const inScopeEdit = {
  technician: 'scope',
  supervisor: 'scope',
  administrator: 'any',
  auditor: 'no',
  service: 'any',
} as const;
const byTeam = {
  technician: 'team',
  supervisor: 'scope',
  administrator: 'any',
  auditor: 'no',
  service: 'any',
} as const;
const byOwner = {
  technician: 'own',
  supervisor: 'scope',
  administrator: 'any',
  auditor: 'no',
  service: 'any',
} as const;

/** One table, deny by default: a command type without a row does not compile. */
export const permissionTable: Record<CommandType, Record<Role, Reach>> = {
  register: everyone,
  addNote: everyone,
  startRemoteSession: everyone,
  endRemoteSession: everyone,
  recordVisit: everyone,
  addAttachment: everyone,
  editFields: inScopeEdit,
  reclassify: inScopeEdit,
  changeMode: inScopeEdit,
  setAsset: inScopeEdit,
  setVendorCase: inScopeEdit,
  linkProblem: inScopeEdit,
  linkRequester: inScopeEdit,
  claim: byTeam,
  assign: byTeam,
  reassign: byOwner,
  transfer: byTeam,
  escalate: byTeam,
  accept: byTeam,
  return: byTeam,
  changeStatus: byOwner,
  resolve: byOwner,
  reopen: inScopeEdit,
  close: byTeam,
  cancel: byTeam,
  merge: byTeam,
  unmerge: byTeam,
  // Over the ticket that is split; the new one has nobody yet.
  split: byTeam,
  undoSplit: byTeam,
  settleParked: byTeam,
};
