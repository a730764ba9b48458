import type { DirectoryLookup } from './directory.ts';
import type { Priority, PriorityReason, Requester } from './ticket.ts';
import type { Level, PriorityLevel } from './vocabulary.ts';

/** Impact down, urgency across. Configuration with a sensible default: the directive sets no levels. */
const matrix: Record<Level, Record<Level, PriorityLevel>> = {
  high: { high: 'critical', medium: 'high', low: 'medium' },
  medium: { high: 'high', medium: 'medium', low: 'low' },
  low: { high: 'medium', medium: 'low', low: 'low' },
};
const rank: Record<PriorityLevel, number> = { critical: 0, high: 1, medium: 2, low: 3 };

export interface PriorityInputs {
  readonly impact: Level;
  readonly urgency: Level;
  readonly requester: Requester;
  readonly serviceId: string | null;
  readonly siteId: string;
}

/**
 * R19: the matrix, raised to at least `high` for senior management (by the person) and for in-person citizen service
 * (by the service or the site). Every rule that holds is listed, also where the matrix alone was higher.
 */
export function priorityOf(inputs: PriorityInputs, directory: DirectoryLookup): Priority {
  const base = matrix[inputs.impact][inputs.urgency];
  const reasons: PriorityReason[] = [{ kind: 'matrix', impact: inputs.impact, urgency: inputs.urgency, level: base }];
  if ('personId' in inputs.requester && directory.person(inputs.requester.personId)?.seniorManagement) {
    reasons.push({ kind: 'seniorManagement', personId: inputs.requester.personId });
  }
  if (inputs.serviceId !== null && directory.service(inputs.serviceId)?.citizenService) {
    reasons.push({ kind: 'citizenService', by: 'service', id: inputs.serviceId });
  }
  if (directory.site(inputs.siteId)?.citizenService) {
    reasons.push({ kind: 'citizenService', by: 'site', id: inputs.siteId });
  }
  const raised = reasons.length > 1 && rank[base] > rank.high;
  return { level: raised ? 'high' : base, reasons };
}
