import { commandSchemas } from '../../../../domain/commands.ts';
import type { ParkedClaim } from '../../../../domain/ticket.ts';
import type { Act } from '../../../client/use-act.ts';

const editable = [
  'subject',
  'description',
  'impact',
  'urgency',
  'serviceId',
  'siteId',
  'orgUnitId',
  'channel',
] as const;

/**
 * The proposed values as a new act of the person who decides, from what stands now. Null where the claim was not a change
 * of fields: then only leaving it as it is can be offered here, and the act is done again by its own button.
 */
export function reapplyParked(ticketId: string, claim: ParkedClaim): Act | null {
  const changes = Object.fromEntries(
    claim.conflicts.map(({ field, theirs, mine }) => [field, { from: theirs, to: mine }]),
  );
  if (claim.type === 'editFields' && claim.conflicts.every(({ field }) => editable.some((name) => name === field))) {
    const payload = commandSchemas.editFields.safeParse({ changes });
    return payload.success ? { ticketId, type: 'editFields', payload: payload.data } : null;
  }
  switch (claim.type) {
    case 'changeMode': {
      const payload = commandSchemas.changeMode.safeParse(changes);
      return payload.success ? { ticketId, type: 'changeMode', payload: payload.data } : null;
    }
    case 'setAsset': {
      const payload = commandSchemas.setAsset.safeParse(changes);
      return payload.success ? { ticketId, type: 'setAsset', payload: payload.data } : null;
    }
    case 'setVendorCase': {
      const payload = commandSchemas.setVendorCase.safeParse(changes);
      return payload.success ? { ticketId, type: 'setVendorCase', payload: payload.data } : null;
    }
    case 'linkProblem': {
      const payload = commandSchemas.linkProblem.safeParse(changes);
      return payload.success ? { ticketId, type: 'linkProblem', payload: payload.data } : null;
    }
    case 'reclassify': {
      const payload = commandSchemas.reclassify.safeParse(changes);
      return payload.success ? { ticketId, type: 'reclassify', payload: payload.data } : null;
    }
    case 'claim':
    case 'assign':
    case 'reassign': {
      const [only, ...others] = claim.conflicts;
      if (only?.field !== 'assigneeId' || others.length > 0 || typeof only.theirs !== 'string') return null;
      const payload = commandSchemas.reassign.safeParse({
        fromPersonId: only.theirs,
        toPersonId: only.mine,
        reason: '',
      });
      return payload.success ? { ticketId, type: 'reassign', payload: payload.data } : null;
    }
    default:
      return null;
  }
}
