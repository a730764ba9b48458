import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/domain/parse-command.ts';
import type { ParkedClaim } from '../../../src/domain/ticket.ts';
import { reapplyParked } from '../../../src/renderer/features/ticket/settle/reapply-parked.ts';
import { ANA, id } from './make-entry.ts';

const claim = (type: string, field: string, theirs: string | null, mine: string | null): ParkedClaim => ({
  commandId: id(80),
  type,
  by: ANA,
  at: 1,
  conflicts: [{ field, theirs, mine, theirsBy: null, theirsAt: null }],
});

describe('a parked claim taken up', () => {
  it.each([
    claim('editFields', 'subject', 'Correo caído', 'Correo lento'),
    claim('changeMode', 'mode', null, 'remote'),
    claim('setAsset', 'assetId', id(40), null),
    claim('setVendorCase', 'vendorCase', null, 'SR-77'),
    claim('linkProblem', 'problemId', null, id(41)),
  ])('$type goes from what stands to what was proposed', (parked) => {
    const act = reapplyParked(id(9), parked);
    expect(act?.type).toBe(parked.type);
    expect(parseCommand(parked.type, act?.payload).ok).toBe(true);
    expect(JSON.stringify(act?.payload)).toContain(
      JSON.stringify({ from: parked.conflicts[0]?.theirs, to: parked.conflicts[0]?.mine }),
    );
  });

  it('gives a ticket to whom a parked claim meant, from whom has it', () => {
    expect(reapplyParked(id(9), claim('claim', 'assigneeId', id(3), ANA))).toEqual({
      ticketId: id(9),
      type: 'reassign',
      payload: { fromPersonId: id(3), toPersonId: ANA, reason: '' },
    });
  });

  it('offers nothing for a claim that is no change of fields, or that this version cannot read', () => {
    expect(reapplyParked(id(9), claim('escalate', 'teamId', id(3), ANA))).toBeNull();
    expect(reapplyParked(id(9), claim('editFields', 'ofTomorrow', 'a', 'b'))).toBeNull();
    expect(reapplyParked(id(9), claim('changeMode', 'mode', null, 'telepathy'))).toBeNull();
  });
});
