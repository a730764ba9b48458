export const keyboard = {
  title: 'Atajos de teclado',
  groups: { ticket: 'Ticket abierto', create: 'Registrar', go: 'Ir a', list: 'Lista', app: 'Consola' },
  now: 'Lo que ahora no aplica se ve tenue.',
} as const;
