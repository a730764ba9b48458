/** What happened to this console, told once; and the last words of a device that was revoked. */
export const notice = {
  label: 'Avisos de este equipo',
  dismiss: 'Dar por leído',
  more_one: 'Ver 1 aviso más',
  more_other: 'Ver {{count}} avisos más',
  fewer: 'Ver solo el último',
  seeOutbox: 'Ver cuáles',
  scopeChanged: 'Cambió lo que te toca en la mesa; los tickets de este equipo se ponen al día.',
  scopeRole: 'Ahora tu rol es {{role}}.',
  scopeGained: 'Ahora estás en: {{teams}}.',
  scopeLost: 'Ya no estás en: {{teams}}.',
  scopeKept: 'Lo que tenías por enviar sigue su curso.',
  storeRestored: 'La mesa volvió a un respaldo anterior. No hizo falta entregar de nuevo nada de lo tuyo.',
  storeRestoredRunning:
    'La mesa volvió a un respaldo anterior. Se entregan de nuevo tus actos: {{replayed}} de {{owed}}.',
  storeRestoredDone_one: 'La mesa volvió a un respaldo anterior. Se entregó de nuevo 1 acto tuyo; nada se perdió.',
  storeRestoredDone_other:
    'La mesa volvió a un respaldo anterior. Se entregaron de nuevo {{count}} actos tuyos; nada se perdió.',
  storeRestoredChanged_one: '1 tuvo otra respuesta que antes.',
  storeRestoredChanged_other: '{{count}} tuvieron otra respuesta que antes.',
  storeRestoredRenumbered_one: '1 caso que registraste tiene otro número que antes: avisa a quien tenga el anterior.',
  storeRestoredRenumbered_other:
    '{{count}} casos que registraste tienen otros números que antes: avisa a quien tenga los anteriores.',
  cacheRebuilt: 'La copia local estaba dañada y se rehízo desde la mesa. Lo que escribiste no se tocó.',
  cacheRepaired_one: 'Se corrigió 1 fila de la copia local que difería de la mesa.',
  cacheRepaired_other: 'Se corrigieron {{count}} filas de la copia local que diferían de la mesa.',
  outboxSalvaged_one:
    'El archivo de lo pendiente se dañó: se rescató 1 acto y {{drafts}} borradores. El archivo dañado se conserva.',
  outboxSalvaged_other:
    'El archivo de lo pendiente se dañó: se rescataron {{count}} actos y {{drafts}} borradores. El archivo dañado se conserva.',
  outboxWhole: 'No falta nada.',
  outboxLost_one: 'Al menos 1 no se pudo leer: avisa a soporte.',
  outboxLost_other: 'Al menos {{count}} no se pudieron leer: avisa a soporte.',
  actTooLarge:
    'La red no deja pasar «{{act}}» de {{code}} ({{subject}}): es demasiado grande para el proxy. Está guardado y espera; lo que escribiste después espera detrás. Avisa a soporte de redes.',
  attachmentHeld:
    'La mesa no acepta el archivo «{{name}}». Se queda en este equipo; la nota que lo acompaña sí se envió.',
  attachmentDamaged:
    'El archivo «{{name}}» ya no está completo en este equipo y la mesa no llegó a tenerlo: vuelve a adjuntarlo.',
  farewell: {
    title: 'Este equipo fue dado de baja',
    handedIn_one: 'Antes de borrarse entregó 1 acto de {{user}}: un supervisor lo tiene.',
    handedIn_other: 'Antes de borrarse entregó {{count}} actos de {{user}}: un supervisor los tiene.',
    nothing: '{{user}} no tenía nada por entregar.',
    left_one: '1 acto no se pudo entregar.',
    left_other: '{{count}} actos no se pudieron entregar.',
    erased: 'La copia de los tickets, los borradores y la cuenta se borraron de este equipo ({{when}}).',
    confirmed: 'La mesa ya lo sabe.',
    unconfirmed: 'La mesa aún no lo sabe: se le dirá en cuanto haya enlace.',
  },
} as const;
