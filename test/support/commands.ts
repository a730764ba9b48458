import type { CommandPayloads } from '../../src/domain/commands.ts';
import type { Desk } from './desk-fixture.ts';

/** A register that is complete; change what the test is about. */
export const registerPayload = (
  desk: Desk,
  more: Partial<CommandPayloads['register']> = {},
): CommandPayloads['register'] => ({
  provisionalCode: '01-01',
  kind: 'incident',
  subKind: 'software',
  channel: 'phone',
  mode: null,
  serviceId: desk.services.email,
  requester: { personId: desk.requester },
  orgUnitId: null,
  siteId: desk.sites.lima,
  subject: 'No abre el correo',
  description: 'Desde ayer no abre el correo institucional.',
  impact: 'medium',
  urgency: 'medium',
  assetId: null,
  teamId: null,
  initialTier: null,
  ...more,
});
