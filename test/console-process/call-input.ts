import { randomUUID } from 'node:crypto';
import type { ConsoleParams } from '../../src/protocol/console/methods.ts';
import type { Desk } from '../support/desk-fixture.ts';

/** A call about the mail in Lima, as a screen registers it. */
export function callInput(desk: Desk, subject: string, claim: boolean): ConsoleParams<'acts.register'> {
  return {
    requestId: randomUUID(),
    claim,
    resolveWith: null,
    clearDraft: null,
    input: {
      kind: 'incident',
      subKind: 'software',
      channel: 'phone',
      mode: null,
      serviceId: desk.services.email,
      requester: { personId: desk.requester },
      orgUnitId: null,
      siteId: desk.sites.lima,
      subject,
      description: 'Mensaje ORA-12541 al abrir.',
      impact: 'medium',
      urgency: 'medium',
      assetId: null,
    },
  };
}
