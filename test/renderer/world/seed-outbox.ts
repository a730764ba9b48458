import type { Command } from '../../../src/domain/commands.ts';
import type { OutboxItem } from '../../../src/protocol/console/rows.ts';
import { idOf, requesters } from './directory.ts';

interface Seeding {
  write(ticketId: string, type: string, payload: unknown): unknown;
  itemOf(commandId: string, ticketId: string, command: Command, state: OutboxItem['state']): OutboxItem;
  readonly outbox: OutboxItem[];
}

/** A ticket registered with no link, its notes, and one act each that was refused, parked and merged. */
export function seedOutbox({ write, itemOf, outbox }: Seeding): void {
  const id = idOf('tick', 900);
  write(id, 'register', {
    provisionalCode: 'K7F3-02',
    kind: 'incident',
    subKind: 'network',
    channel: 'phone',
    mode: 'remote',
    serviceId: idOf('serv', 3),
    requester: { personId: requesters[2]?.id },
    orgUnitId: requesters[2]?.orgUnitId ?? null,
    siteId: requesters[2]?.siteId,
    subject: 'Carpeta compartida de inspecciones no se monta tras cambio de clave',
    description: 'La unidad Z no se monta desde que cambió su clave ayer por la tarde.',
    impact: 'medium',
    urgency: 'medium',
    assetId: idOf('asst', 0),
    teamId: null,
    initialTier: null,
  });
  write(id, 'addNote', {
    visibility: 'internal',
    text: 'Cambió su clave ayer. Unidad Z: guarda la credencial anterior en el administrador de credenciales.',
  });
  write(id, 'addNote', {
    visibility: 'public',
    text: 'Jorge, tu clave ya está corregida. Falta que el área de servidores revise el acceso desde Puno; te avisamos hoy.',
  });
  write(idOf('tick', 4), 'addNote', {
    visibility: 'internal',
    text: 'Coordinado con almacén: hay una laptop disponible.',
  });
  outbox.push({
    ...itemOf(idOf('refu', 1), idOf('tick', 5), { type: 'claim', payload: {} }, 'refused'),
    verdict: { kind: 'refused', refusal: { code: 'alreadyClaimed', params: { assignee: idOf('pers', 1) } } },
    settledAt: Date.now() - 120_000,
  });
  outbox.push({
    ...itemOf(
      idOf('refu', 2),
      idOf('tick', 9),
      {
        type: 'resolve',
        payload: { solution: 'Se restableció la clave y la usuaria entró con ella.', duringCall: false },
      },
      'refused',
    ),
    verdict: { kind: 'refused', refusal: { code: 'ticketNotOpen', params: { status: 'resolved' } } },
    formerVerdict: { kind: 'applied' },
    settledAt: Date.now() - 110_000,
  });
  outbox.push({
    ...itemOf(
      idOf('park', 1),
      idOf('tick', 6),
      {
        type: 'editFields',
        payload: { changes: { subject: { from: 'Configurar buzón', to: 'Configurar buzón y reglas' } } },
      },
      'parked',
    ),
    verdict: {
      kind: 'parked',
      conflicts: [
        {
          field: 'subject',
          mine: 'Configurar buzón y reglas',
          theirs: 'Configurar buzón de mesa de partes en Outlook',
          theirsBy: idOf('pers', 4),
          theirsAt: Date.now() - 300_000,
        },
      ],
    },
    settledAt: Date.now() - 100_000,
  });
  outbox.push({
    ...itemOf(
      idOf('merg', 1),
      idOf('tick', 4),
      { type: 'addNote', payload: { visibility: 'internal', text: 'Se llamó y no contesta.' } },
      'merged',
    ),
    verdict: {
      kind: 'merged',
      notes: [
        {
          code: 'assigneeMoved',
          by: idOf('pers', 1),
          at: Date.now() - 500_000,
          field: 'assigneeId',
          value: idOf('pers', 4),
        },
      ],
    },
    settledAt: Date.now() - 90_000,
  });
}
