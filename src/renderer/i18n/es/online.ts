/** Tickets that this console no longer holds, found and read at the desk. */
export const online = {
  offer: 'Buscar también en la mesa',
  why: 'Los tickets cerrados hace más de 90 días no se guardan en este equipo.',
  whyShort: 'Incluye los cerrados hace más de 90 días.',
  ask: 'Buscar en la mesa',
  offline: 'Sin conexión: lo que no está en este equipo no se puede buscar ahora.',
  offlineNow: 'Sin conexión: se podrá buscar en la mesa al volver el enlace.',
  results: 'En la mesa: «{{text}}»',
  found_one: '1 ticket más en la mesa, cerrado hace más de {{days}} días',
  found_other: '{{count}} tickets más en la mesa, cerrados hace más de {{days}} días',
  none: 'Tampoco hay tickets con «{{text}}» entre los que solo guarda la mesa.',
  mark: 'en línea: no está en esta consola',
  more: 'Hay más: escribe algo más preciso para verlos.',
  banner:
    'En línea: este ticket no se guarda en este equipo, se lee de la mesa. Lo que escribas queda aquí y se envía como siempre.',
  gone: 'Tampoco se pudo buscar en la mesa: no hay conexión.',
} as const;
