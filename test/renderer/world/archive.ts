import { actorOf, held, register, run } from './desk.ts';

const DAY = 24 * 60;

/** Closed long ago: only the desk has it, this console does not. */
export function archive(): void {
  const old: readonly [number, string, number][] = [
    [801, 'Planillas: no cargan boletas de pago de 2025', 0],
    [802, 'Planillas: constancia de retenciones en blanco', 8],
  ];
  for (const [n, subject, who] of old) {
    const id = register(n, { subject, who, team: 0, assignee: 0, minutes: 140 * DAY, service: 2 });
    const at = Date.now() - 130 * DAY * 60_000;
    run(
      id,
      {
        type: 'resolve',
        payload: { solution: 'Se reprocesó el periodo y se comprobó con la usuaria.', duringCall: false },
      },
      actorOf(0),
      at,
      true,
    );
    run(id, { type: 'close', payload: {} }, actorOf(0), at + DAY * 60_000, true);
    const each = held.get(id);
    if (each !== undefined) each.onlyAtDesk = true;
  }
}
