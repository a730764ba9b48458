import { v5 } from 'uuid';
import type { Level, PendingReason } from '../../../domain/vocabulary.ts';
import type { LogRow } from './read-log.ts';

/** Words of the import, in the language of the desk. They mark what the source did not say. */
export const words = {
  noRequester: 'Usuario no indicado en el registro de origen',
  notInSource: 'No figura en el registro de origen',
  returned: 'Devuelto en el registro de origen (sin motivo indicado)',
  reopened: 'Reabierto en el registro de origen',
  reopenedAfterUnmapped: 'Reabierto tras un estado sin equivalencia en el registro de origen',
  movedAfterCompletion: 'Movido después de completado en el registro de origen',
  solution: 'Completado en el registro de origen (sin solución indicada)',
  cancelled: 'Cancelado en el registro de origen',
  regrouped: 'Cambio de grupo en el registro de origen',
} as const;

const NAMESPACE = '6f0d7a52-0c52-5b0e-9a43-3b6c3f1d2b13';
/** The same file and the same thing give the same id, so that an import resumes and never doubles. */
export const importId = (fileHash: string, ...parts: readonly (string | number)[]): string =>
  v5([fileHash, ...parts].join('\u001f'), NAMESPACE);

export interface MappedImpact {
  readonly impact: Level;
  readonly urgency: Level;
}
export function impactOf(row: LogRow): MappedImpact {
  switch (row.impact) {
    case 'Major':
      return { impact: 'high', urgency: 'high' };
    case 'High':
      return { impact: 'high', urgency: 'medium' };
    case 'Medium':
      return { impact: 'medium', urgency: 'medium' };
    default:
      return { impact: 'low', urgency: 'medium' };
  }
}

/** What a row's status asks of the ticket. */
export type Target =
  | { readonly kind: 'queued' }
  | { readonly kind: 'assigned' }
  | { readonly kind: 'inProgress' }
  | { readonly kind: 'pending'; readonly reason: PendingReason; readonly exact: boolean }
  | { readonly kind: 'resolved'; readonly duringCall: boolean }
  | { readonly kind: 'closed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unmapped' };

const targets: Record<string, Target> = {
  'Queued/Awaiting Assignment': { kind: 'queued' },
  'Accepted/Assigned': { kind: 'assigned' },
  'Accepted/In Progress': { kind: 'inProgress' },
  'Accepted/Wait - User': { kind: 'pending', reason: 'user', exact: true },
  'Accepted/Wait - Customer': { kind: 'pending', reason: 'user', exact: true },
  'Accepted/Wait - Vendor': { kind: 'pending', reason: 'vendor', exact: true },
  'Accepted/Wait - Implementation': { kind: 'pending', reason: 'parts', exact: false },
  'Accepted/Wait': { kind: 'pending', reason: 'user', exact: false },
  'Completed/Resolved': { kind: 'resolved', duringCall: false },
  'Completed/In Call': { kind: 'resolved', duringCall: true },
  'Completed/Closed': { kind: 'closed' },
  'Completed/Cancelled': { kind: 'cancelled' },
};
export const statusText = (row: LogRow): string => `${row.status}/${row.sub_status}`;
export const targetOf = (row: LogRow): Target => targets[statusText(row)] ?? { kind: 'unmapped' };
