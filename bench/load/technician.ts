import { v7 } from 'uuid';
import { provisionalCode } from '../../src/domain/numbering.ts';
import type { LiveConsole } from './live-console.ts';

const NOTES_A_TICKET = 5;

/** Works through calls: registers one, takes it, writes some notes, resolves it. One act every `everyMs` on average; `stop` ends it. */
export function startTechnician(console: LiveConsole, everyMs: number): () => void {
  const { seat } = console;
  let ticketId = '';
  let step = 0;
  let count = 0;
  let timer: NodeJS.Timeout;

  function act(): void {
    if (step === 0) {
      ticketId = v7();
      count += 1;
      console.act({ type: 'register', ticketId, payload: call(count) });
    } else if (step === 1) console.act({ type: 'claim', ticketId, payload: {} });
    else if (step <= 1 + NOTES_A_TICKET)
      console.act({
        type: 'addNote',
        ticketId,
        payload: { visibility: 'internal', text: `Se revisó el equipo con el usuario, paso ${step}.` },
      });
    else
      console.act({
        type: 'resolve',
        ticketId,
        payload: { solution: 'Se rehízo el perfil de correo.', duringCall: false },
      });
    step = step > 1 + NOTES_A_TICKET ? 0 : step + 1;
    next(everyMs * -Math.log(1 - Math.random()));
  }
  const next = (ms: number) => {
    timer = setTimeout(act, ms);
  };
  const call = (n: number) => ({
    provisionalCode: provisionalCode(seat.devicePrefix, n),
    kind: 'incident',
    subKind: 'software',
    channel: 'phone',
    mode: null,
    serviceId: seat.serviceId,
    requester: { personId: seat.personId },
    orgUnitId: null,
    siteId: seat.siteId,
    subject: 'No abre el correo',
    description: 'Desde ayer no abre el correo institucional.',
    impact: 'medium',
    urgency: 'medium',
    assetId: null,
    teamId: null,
    initialTier: null,
  });
  next(everyMs * Math.random());
  return () => clearTimeout(timer);
}
