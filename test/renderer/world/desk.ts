import type { Command } from '../../../src/domain/commands.ts';
import { defaultDeskSettings } from '../../../src/domain/desk-settings.ts';
import type { Actor } from '../../../src/domain/permissions.ts';
import { type CommandRun, runCommand } from '../../../src/domain/run-command.ts';
import type { Ticket } from '../../../src/domain/ticket.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';
import type { ShownEntry } from '../../../src/protocol/console/rows.ts';
import { idOf, lookup, memberships, requesters, sites, teams } from './directory.ts';
import { errorPicture } from './picture.ts';

export interface Held {
  ticket: Ticket;
  entries: ShownEntry[];
  seen: number;
  /** Not held by this console: found and read at the desk. */
  onlyAtDesk?: boolean;
}
/** Tickets of the drawn desk, moved by the real domain. */
export const held = new Map<string, Held>();

export const actorOf = (n: number, role: Role = 'technician'): Actor => ({
  personId: idOf('pers', n),
  submitterId: null,
  role,
  grant: { personId: idOf('pers', n), everything: role === 'supervisor', siteIds: [], teamIds: [] },
  teamIds: memberships.filter((row) => row.personId === idOf('pers', n)).map((row) => row.teamId),
  mayImport: role === 'service',
  revoked: false,
});

let commandCount = 0;
let officialCount = 4700;

/** Runs a command at the desk. `at` null: pending on this console. Throws on a refusal of the drawn history. */
export function run(ticketId: string, command: Command, actor: Actor, at: number, recorded: boolean): CommandRun {
  commandCount += 1;
  const before = held.get(ticketId) ?? null;
  if ((command.type === 'register' || command.type === 'split') && recorded) officialCount += 4;
  const result = runCommand(before?.ticket ?? null, ticketId, command, {
    commandId: idOf('cmmd', commandCount),
    actor,
    times: { occurredAt: at, deviceAt: at, recordedAt: recorded ? at : null, timeQuality: 'good' },
    directory: lookup,
    settings: defaultDeskSettings,
    officialNumber: recorded ? `MDS-2026-${String(officialCount).padStart(6, '0')}` : null,
    seenVersion: before?.ticket.version ?? null,
    problemExists: () => true,
    otherTicket: (id) => held.get(id)?.ticket ?? null,
  });
  if (result.ticket !== null && result.verdict.kind !== 'refused') {
    const entries = result.entries.map((entry) => ({ ...entry, pending: recorded ? null : ('waiting' as const) }));
    held.set(ticketId, {
      ticket: result.ticket,
      entries: [...(before?.entries ?? []), ...entries],
      seen: before?.seen ?? result.ticket.version,
      ...(before?.onlyAtDesk === true ? { onlyAtDesk: true } : {}),
    });
  }
  return result;
}

/** The store has a whole file: said under the command that added it. */
export function fileArrived(ticketId: string, attachmentId: string): void {
  const each = held.get(ticketId);
  const added = each?.entries.find(
    ({ event }) => event.type === 'attachmentAdded' && event.attachmentId === attachmentId,
  );
  if (each === undefined || added === undefined) return;
  const seq = each.ticket.version + 1;
  const entry: ShownEntry = {
    ...{ ...added, id: `${added.commandId}-arrived`, seq },
    event: { type: 'attachmentArrived', attachmentId },
  };
  each.entries = [...each.entries, entry];
  const { attachments } = each.ticket;
  each.ticket = {
    ...each.ticket,
    version: seq,
    ...(attachments === undefined ? {} : { attachments: { ...attachments, waiting: attachments.waiting - 1 } }),
  };
  each.seen = seq;
}

const MINUTE = 60_000;
const start = Date.now();
const ago = (minutes: number) => start - minutes * MINUTE;
const supervisor = actorOf(1, 'supervisor');
const importer = actorOf(1, 'service');

interface Seed {
  subject: string;
  who: number;
  team: number;
  assignee?: number;
  minutes: number;
  impact?: 'high' | 'medium' | 'low';
  urgency?: 'high' | 'medium' | 'low';
  service?: number;
  kind?: 'incident' | 'request' | 'problem';
  later?: (id: string) => void;
}

export function register(n: number, seed: Seed): string {
  const id = idOf('tick', n);
  const person = requesters[seed.who];
  run(
    id,
    {
      type: 'register',
      payload: {
        provisionalCode: `K${(n + 70).toString(36).toUpperCase()}-0${n % 10}`,
        kind: seed.kind ?? 'incident',
        subKind: null,
        channel: n % 3 === 0 ? 'email' : 'phone',
        mode: 'remote',
        serviceId: idOf('serv', seed.service ?? 0),
        requester: { personId: person?.id ?? '' },
        orgUnitId: person?.orgUnitId ?? null,
        siteId: person?.siteId ?? sites[0]?.id ?? '',
        subject: seed.subject,
        description: `${seed.subject}. Avisa el usuario por anexo; empezó esta mañana y afecta a su trabajo del día.`,
        impact: seed.impact ?? 'medium',
        urgency: seed.urgency ?? 'low',
        assetId: seed.who === 2 ? idOf('asst', 0) : seed.who === 0 ? idOf('asst', 1) : null,
        teamId: idOf('team', seed.team),
        initialTier: teams[seed.team]?.tier ?? null,
      },
    },
    importer,
    ago(seed.minutes),
    true,
  );
  if (seed.assignee !== undefined) {
    run(
      id,
      { type: 'assign', payload: { toPersonId: idOf('pers', seed.assignee) } },
      supervisor,
      ago(seed.minutes - 2),
      true,
    );
  }
  seed.later?.(id);
  return id;
}

const note = (id: string, who: number, minutes: number, text: string, visibility: 'internal' | 'public' = 'internal') =>
  run(id, { type: 'addNote', payload: { visibility, text } }, actorOf(who), ago(minutes), true);
const attend = (id: string, minutes: number) =>
  run(
    id,
    { type: 'changeStatus', payload: { from: 'assigned', to: 'inProgress', pendingReason: null } },
    supervisor,
    ago(minutes),
    true,
  );
const pend = (id: string, minutes: number, pendingReason: 'vendor' | 'visit' | 'user') =>
  run(
    id,
    { type: 'changeStatus', payload: { from: 'assigned', to: 'pending', pendingReason } },
    supervisor,
    ago(minutes),
    true,
  );

/** A file of that person; `arrived` false: still on their own computer. */
function attach(id: string, who: number, minutes: number, n: number, name: string, arrived: boolean): void {
  const attachmentId = idOf('atta', n);
  run(
    id,
    {
      type: 'addAttachment',
      payload: {
        ...{ attachmentId, name, size: 1_400_000 + n * 61_000, sha256: 'ab'.repeat(32), visibility: 'internal' },
        ...(name.endsWith('.png')
          ? { mediaType: 'image/png', thumbnail: errorPicture }
          : { mediaType: 'application/pdf', thumbnail: null }),
      },
    },
    actorOf(who),
    ago(minutes),
    true,
  );
  if (arrived) fileArrived(id, attachmentId);
}

const seeds: Seed[] = [
  {
    subject: 'Sin acceso al sistema de planillas: error ORA-12541',
    who: 0,
    team: 1,
    assignee: 1,
    minutes: 96,
    impact: 'high',
    urgency: 'high',
    service: 2,
    later: (id) => {
      note(
        id,
        1,
        80,
        'Afecta también a dos analistas de la misma dirección. Ping al servidor responde; el puerto 1521 no.',
      );
      attach(id, 1, 80, 1, 'Error de Planillas.png', true);
      attach(id, 1, 80, 2, 'Error en la segunda PC.png', false);
      attach(id, 1, 80, 3, 'Registro del cliente Oracle.pdf', true);
      run(
        id,
        {
          type: 'escalate',
          payload: {
            toTeamId: idOf('team', 2),
            toPersonId: null,
            sheet: {
              tried: 'Cliente Oracle, tnsnames, otro equipo',
              found: 'Listener no responde en el 1521',
              pending: 'Revisar el servicio en PLAN-DB01',
              device: 'LIM-DGT-002 · 10.4.2.18',
            },
          },
        },
        actorOf(1),
        ago(69),
        true,
      );
    },
  },
  {
    subject: 'Ventanilla 3 no imprime constancias de presentación de contratos',
    who: 1,
    team: 1,
    assignee: 1,
    minutes: 70,
    impact: 'high',
    urgency: 'medium',
    service: 4,
    later: (id) => void attend(id, 60),
  },
  {
    subject: 'Correo: adjuntos de más de 10 MB rechazados desde ayer',
    who: 3,
    team: 4,
    assignee: 3,
    minutes: 240,
    urgency: 'medium',
    service: 1,
    later: (id) => void pend(id, 200, 'vendor'),
  },
  {
    subject: 'Solicitud de equipo para nueva inspectora',
    who: 4,
    team: 0,
    assignee: 0,
    minutes: 320,
    urgency: 'medium',
    kind: 'request',
  },
  { subject: 'Excel se cierra al abrir el reporte de sindicalización', who: 5, team: 0, minutes: 380 },
  {
    subject: 'Configurar buzón de mesa de partes en Outlook',
    who: 6,
    team: 0,
    minutes: 430,
    service: 1,
    kind: 'request',
  },
  {
    subject: 'Intranet lenta entre 8 y 9 a. m. en toda la sede',
    who: 6,
    team: 2,
    assignee: 2,
    minutes: 1500,
    urgency: 'medium',
    impact: 'medium',
    kind: 'problem',
  },
  {
    subject: 'Instalar lector de DNIe en módulo de orientación',
    who: 7,
    team: 1,
    assignee: 5,
    minutes: 1600,
    service: 4,
    kind: 'request',
    impact: 'low',
  },
  {
    subject: 'Restablecer contraseña de SIGA',
    who: 8,
    team: 0,
    assignee: 0,
    minutes: 1700,
    impact: 'low',
    later: (id) => {
      attend(id, 1650);
      run(
        id,
        {
          type: 'resolve',
          payload: { solution: 'Contraseña restablecida y probada con la usuaria.', duringCall: true },
        },
        actorOf(0),
        ago(30),
        true,
      );
    },
  },
  {
    subject: 'Monitor con líneas verticales, código patrimonial 740899501',
    who: 9,
    team: 0,
    assignee: 4,
    minutes: 1900,
    impact: 'low',
    later: (id) => void pend(id, 1800, 'visit'),
  },
  {
    subject: 'Actualización de firma en correo institucional',
    who: 10,
    team: 0,
    assignee: 0,
    minutes: 2900,
    impact: 'low',
    service: 1,
  },
  { subject: 'No se escucha audio en videoconferencias', who: 3, team: 0, assignee: 4, minutes: 3100 },
  {
    subject: 'Permiso de lectura en carpeta de convenios',
    who: 10,
    team: 0,
    assignee: 0,
    minutes: 3300,
    service: 3,
    later: (id) => void attend(id, 3000),
  },
  { subject: 'Impresora compartida pide credenciales', who: 11, team: 0, minutes: 3500, impact: 'low' },
];
seeds.forEach((seed, n) => void register(n + 1, seed));

/** Many more of the same, to scroll. */
export function crowd(count: number): void {
  for (let n = 0; n < count; n += 1) {
    const seed = seeds[n % seeds.length];
    if (seed === undefined) continue;
    const { later: _later, ...plain } = seed;
    register(1000 + n, {
      ...plain,
      subject: `${plain.subject} (${n + 1})`,
      minutes: 60 + n * 7,
      team: n % 5,
      ...(n % 3 === 0 ? { assignee: [0, 1, 2, 2, 3][n % 5] ?? 0 } : {}),
    });
  }
}

for (const each of held.values()) each.seen = each.ticket.version;
note(idOf('tick', 5), 1, 12, 'El usuario confirma que pasa también con otro archivo del mismo mes.');
run(
  idOf('tick', 4),
  { type: 'changeStatus', payload: { from: 'assigned', to: 'inProgress', pendingReason: null } },
  supervisor,
  ago(9),
  true,
);
note(idOf('tick', 4), 1, 8, 'Hay una laptop en almacén; la preparo para mañana.');
