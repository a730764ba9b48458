/** Every way the desk says no, with words for the person. `{name}` is filled from the refusal's params. */
export const refusalTexts = {
  ticketUnknown: {
    es: 'El ticket no existe o está fuera de tu alcance.',
    en: 'The ticket does not exist or is outside your scope.',
  },
  ticketExists: { es: 'Ya hay un ticket con este identificador.', en: 'A ticket with this identifier already exists.' },
  invalid: {
    es: 'El dato «{field}» no es válido: corrígelo y vuelve a guardar.',
    en: 'The value of “{field}” is not valid: correct it and save again.',
  },
  tooLong: {
    es: 'El texto de «{field}» es demasiado largo: como máximo {maxBytes} bytes.',
    en: 'The text of “{field}” is too long: at most {maxBytes} bytes.',
  },
  forbidden: { es: 'Tu rol no permite este acto.', en: 'Your role does not allow this act.' },
  notInTeam: {
    es: 'Solo el equipo {team} puede hacerlo: pide que te lo reasignen.',
    en: 'Only team {team} may do this: ask for the ticket to be reassigned to you.',
  },
  notAssignee: {
    es: 'El ticket está a cargo de {assignee}. Tu texto se conservó.',
    en: 'The ticket is with {assignee}. Your text was kept.',
  },
  alreadyClaimed: {
    es: '{assignee} lo tomó antes. Nada de lo tuyo se perdió.',
    en: '{assignee} took it first. Nothing of yours was lost.',
  },
  alreadyAssigned: {
    es: 'Ya está asignado a {assignee}: usa reasignar.',
    en: 'It is already assigned to {assignee}: use reassign.',
  },
  assigneeChanged: {
    es: 'Mientras tanto pasó a {assignee}: revisa antes de reasignar.',
    en: 'Meanwhile it went to {assignee}: look again before reassigning.',
  },
  notAMember: {
    es: '{person} no pertenece al equipo {team}: elige a alguien del equipo o transfiere.',
    en: '{person} does not belong to team {team}: choose a member, or transfer.',
  },
  personUnknown: {
    es: 'Esa persona no está en el directorio: elige otra.',
    en: 'That person is not in the directory: choose another.',
  },
  teamUnknown: {
    es: 'Ese equipo no existe o ya no está activo: elige otro.',
    en: 'That team does not exist or is no longer active: choose another.',
  },
  siteUnknown: { es: 'Esa sede no existe: elige otra.', en: 'That site does not exist: choose another.' },
  serviceUnknown: {
    es: 'Ese servicio no está en el catálogo: elige otro.',
    en: 'That service is not in the catalogue: choose another.',
  },
  assetUnknown: {
    es: 'Ese equipo no está en el inventario: elige otro o déjalo vacío.',
    en: 'That device is not in the inventory: choose another or leave it empty.',
  },
  problemUnknown: { es: 'El problema enlazado no existe.', en: 'The linked problem does not exist.' },
  serviceRequired: {
    es: 'Una solicitud debe indicar el servicio que se pide.',
    en: 'A request must state the service required.',
  },
  descriptionRequired: {
    es: 'Un incidente o problema debe describirse con detalle.',
    en: 'An incident or a problem must be described in detail.',
  },
  subKindMismatch: {
    es: 'Ese subtipo no corresponde a {kind}: elige uno de su lista.',
    en: 'That sub-kind does not belong to {kind}: choose one of its list.',
  },
  subjectRequired: { es: 'Falta el asunto.', en: 'The subject is missing.' },
  noteEmpty: { es: 'La nota está vacía.', en: 'The note is empty.' },
  reasonRequired: { es: 'Falta el motivo.', en: 'The reason is missing.' },
  solutionRequired: {
    es: 'Para resolver hay que escribir la solución.',
    en: 'Write the solution to resolve the ticket.',
  },
  nothingToChange: { es: 'No hay ningún cambio que guardar.', en: 'There is no change to save.' },
  sheetRequired: {
    es: 'La ficha de derivación debe decir qué se probó y qué se halló.',
    en: 'The handover sheet must say what was tried and what was found.',
  },
  noTierAbove: {
    es: 'El nivel 3 es el más alto: no hay a quién escalar.',
    en: 'Tier 3 is the highest: there is nobody to escalate to.',
  },
  tierNotAbove: {
    es: 'Solo se escala a un nivel superior: {team} es de nivel {tier}.',
    en: 'Escalation goes to a higher tier: {team} is tier {tier}.',
  },
  tierNotBelow: {
    es: 'Solo se devuelve a un nivel inferior: {team} es de nivel {tier}.',
    en: 'A return goes to a lower tier: {team} is tier {tier}.',
  },
  tierDiffers: {
    es: 'Una transferencia no cambia de nivel: para eso, escala o devuelve.',
    en: 'A transfer does not change the tier: escalate or return instead.',
  },
  nothingToReturn: {
    es: 'Nadie lo escaló: elige el equipo al que se devuelve.',
    en: 'Nobody escalated it: choose the team to return it to.',
  },
  nothingToAccept: { es: 'No hay una derivación por aceptar.', en: 'There is no handover to accept.' },
  handoverForOther: { es: 'La derivación es para {person}.', en: 'The handover is for {person}.' },
  ticketNotOpen: {
    es: 'El ticket ya está {status}: reábrelo para cambiarlo. Tu texto se conservó.',
    en: 'The ticket is already {status}: reopen it to change it. Your text was kept.',
  },
  statusUnchanged: { es: 'El ticket ya está en ese estado.', en: 'The ticket already has that status.' },
  pendingReasonRequired: { es: 'Di a quién o qué se espera.', en: 'Say what the ticket is waiting for.' },
  assigneeRequired: { es: 'Primero alguien debe tomarlo.', en: 'Somebody has to take it first.' },
  notResolved: { es: 'Solo se cierra un ticket resuelto.', en: 'Only a resolved ticket can be closed.' },
  notReopenable: {
    es: 'El ticket está abierto: no hay nada que reabrir.',
    en: 'The ticket is open: there is nothing to reopen.',
  },
  reopenWindowOver: {
    es: 'Pasaron más de {days} días: registra un ticket nuevo y menciona este.',
    en: 'More than {days} days have passed: register a new ticket and mention this one.',
  },
  ticketMerged: {
    es: 'El ticket se unió a otro: sigue en ese o sepáralo. Tu texto se conservó.',
    en: 'The ticket was merged into another: go on there, or undo the merge. Your text was kept.',
  },
  mergeSelf: { es: 'Un ticket no se une consigo mismo.', en: 'A ticket cannot be merged into itself.' },
  mergeTargetUnknown: {
    es: 'El ticket al que se une no existe o está fuera de tu alcance.',
    en: 'The ticket to merge into does not exist or is outside your scope.',
  },
  mergeTargetMerged: {
    es: 'El ticket elegido ya se unió a otro: únelo con ese.',
    en: 'The chosen ticket was itself merged into another: merge into that one.',
  },
  mergeTargetNotOpen: {
    es: 'El ticket elegido ya está {status}: reábrelo o elige otro.',
    en: 'The chosen ticket is already {status}: reopen it or choose another.',
  },
  mergeKindsDiffer: {
    es: 'Un problema solo se une con otro problema: para una incidencia, enlázala al problema.',
    en: 'A problem is merged with a problem only: link an incident to it instead.',
  },
  mergedElsewhere: {
    es: 'Mientras tanto se unió a otro ticket: revisa antes de cambiarlo.',
    en: 'Meanwhile it was merged into another ticket: look again before changing it.',
  },
  notMerged: { es: 'El ticket no está unido a otro.', en: 'The ticket is not merged into another.' },
  notSplit: { es: 'El ticket no salió de una división.', en: 'The ticket was not split from another.' },
  requesterListed: {
    es: 'El usuario ya está vinculado al directorio.',
    en: 'The requester is already linked to the directory.',
  },
  sessionUnknown: {
    es: 'Esa sesión remota no está abierta en este ticket.',
    en: 'That remote session is not open on this ticket.',
  },
  sessionExists: { es: 'Esa sesión remota ya se registró.', en: 'That remote session is already recorded.' },
  visitTimes: { es: 'La salida no puede ser anterior a la llegada.', en: 'Leaving cannot be before arriving.' },
  attachmentName: {
    es: 'El nombre del archivo no es válido: cámbialo y vuelve a adjuntarlo.',
    en: 'The name of the file is not valid: rename it and attach it again.',
  },
  attachmentType: {
    es: 'No se adjuntan archivos .{ending}, porque pueden ejecutarse: comprímelo o adjunta una captura.',
    en: 'Files ending in .{ending} are not attached, since they can be run: zip it or attach a screenshot.',
  },
  attachmentEmpty: {
    es: 'El archivo está vacío: revisa que sea el correcto.',
    en: 'The file is empty: check that it is the right one.',
  },
  attachmentTooLarge: {
    es: 'El archivo pasa de {mb} MB: comprímelo o divídelo.',
    en: 'The file is larger than {mb} MB: compress or split it.',
  },
  attachmentQuota: {
    es: 'El ticket ya tiene {heldMb} de {mb} MB en archivos: este no cabe.',
    en: 'The ticket already holds {heldMb} of {mb} MB in files: this one does not fit.',
  },
  attachmentDeskFull: {
    es: 'La mesa no tiene lugar para más archivos: guarda el texto y avisa a tu supervisor. Los que esperan se enviarán cuando haya lugar.',
    en: 'The desk has no room for more files: save the text and tell your supervisor. Those that wait are sent once there is room.',
  },
  attachmentMissing: {
    es: 'El archivo ya no está completo en este equipo: vuelve a adjuntarlo.',
    en: 'The file is not whole on this computer any more: attach it again.',
  },
  attachmentExists: {
    es: 'Ya hay otro archivo con este identificador en el ticket: vuelve a adjuntar el tuyo desde el original.',
    en: 'The ticket already has another file under this identifier: attach yours again from the original.',
  },
  parkedUnknown: { es: 'Ese cambio en espera ya fue resuelto.', en: 'That parked change has been settled already.' },
  unprocessable: {
    es: 'La mesa no pudo procesar este acto. Tu contenido se conservó: cópialo o vuelve a aplicarlo, y avisa a soporte.',
    en: 'The desk could not process this act. Your content was kept: copy it or apply it again, and tell support.',
  },
  importOnly: {
    es: 'Solo una importación puede fijar el nivel inicial.',
    en: 'Only an import may set the initial tier.',
  },
  deviceRevoked: {
    es: 'Este equipo fue dado de baja: un supervisor tiene tu contenido.',
    en: 'This device was revoked: a supervisor has your content.',
  },
} as const satisfies Record<string, { es: string; en: string }>;

export type RefusalCode = keyof typeof refusalTexts;
/** Params are ids or plain values; the screen turns ids into names. */
export type Refusal = { readonly code: RefusalCode; readonly params: Readonly<Record<string, string | number>> };

export const refusal = (code: RefusalCode, params: Record<string, string | number> = {}): Refusal => ({ code, params });
export const refusalCodes = Object.keys(refusalTexts) as RefusalCode[];
export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusalTexts, code);
