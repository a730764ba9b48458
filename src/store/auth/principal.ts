import type { ScopeGrant } from '../../domain/scope.ts';
import type { Role, Tier } from '../../domain/vocabulary.ts';

/** Who a request comes from, read from the session in the database and never from a body. */
export interface Principal {
  readonly deskId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly personId: string;
  readonly role: Role;
  readonly actOnBehalf: boolean;
  readonly grant: ScopeGrant;
  readonly teams: readonly { readonly id: string; readonly name: string; readonly tier: Tier }[];
  /** The device or the account was revoked: may still hand in what it wrote, and nothing else. */
  readonly revoked: boolean;
  /** Changes with everything that decides what the person may hold (SY7), and with whatever else of their rights a session carries. */
  readonly scopeVersion: string;
}
