import { describe, expect, it } from 'vitest';
import { COMMAND_VERSION } from '../../src/domain/commands.ts';
import { defaultDeskSettings } from '../../src/domain/desk-settings.ts';
import { CHAIN_START, outcomeSchema, type WireCommand } from '../../src/protocol/sync/command.ts';
import { createBatch } from '../../src/store/commands/run-batch.ts';
import { actors, call, directory, ids, uuid } from '../support/world.ts';

const wire = (n: number, ticketId: string, siteId: string): WireCommand => ({
  id: uuid(900 + n),
  deviceId: uuid(1),
  incarnation: uuid(2),
  n,
  prevHash: CHAIN_START,
  commandVersion: COMMAND_VERSION,
  ticketId,
  time: { deviceAt: 1, bootId: 'b', monotonicMs: 1, lastOffset: 0 },
  seenVersion: null,
  onBehalf: null,
  type: 'register',
  payload: { ...call, siteId },
});

describe('a batch', () => {
  it('SY16 a bug met by one command refuses that one, says so, and lets the others through', async () => {
    const bugs: string[] = [];
    const batch = createBatch(
      {
        principal: {
          deskId: uuid(3),
          accountId: uuid(4),
          sessionId: uuid(5),
          deviceId: uuid(1),
          personId: ids.ana,
          role: 'technician',
          actOnBehalf: false,
          grant: actors.ana.grant,
          teams: [{ id: ids.team1, name: 'Mesa', tier: 1 }],
          revoked: false,
          scopeVersion: 's',
        },
        directory: {
          ...directory,
          site: (id) => {
            if (id === ids.puno) throw new Error('a bug of ours');
            return directory.site(id);
          },
        },
        desk: { settings: defaultDeskSettings, epoch: uuid(6), sealKey: 'key', restoredAt: null },
        recordedAt: 1_000,
        senderClock: null,
        problemIds: new Set(),
        takenNumbers: new Set(),
        addedAttachments: [],
        onBug: (commandId) => bugs.push(commandId),
        lockNumber: async () => 0,
      },
      [],
      [],
    );
    const outcomes = [];
    for (const command of [wire(1, uuid(10), ids.lima), wire(2, uuid(11), ids.puno), wire(3, uuid(12), ids.lima)]) {
      outcomes.push(outcomeSchema.parse(JSON.parse(await batch.run(command, 'hash'))));
    }
    expect(outcomes.map(({ verdict }) => verdict.kind)).toEqual(['applied', 'refused', 'applied']);
    expect(outcomes[1]?.verdict).toMatchObject({ refusal: { code: 'unprocessable' } });
    expect(outcomes.map(({ number }) => number)).toEqual(['MDS-1969-000001', null, 'MDS-1969-000002']);
    expect(bugs).toEqual([uuid(902)]);
    expect(batch.writes().inserted).toHaveLength(2);
  });
});
