/** Words of the desktop's own surfaces, by language. */
export const texts = {
  es: {
    open: 'Abrir Chasqui',
    quit: 'Salir',
    retry: 'Conectar ahora',
    nothingWaits: 'Chasqui: todo enviado',
    waits: (count: number) => (count === 1 ? 'Chasqui: 1 por enviar' : `Chasqui: ${count} por enviar`),
    edit: 'Edición',
    view: 'Ver',
    installUpdate: (version: string) => `Instalar la versión ${version} y reiniciar`,
    assigned: 'Ticket asignado a usted',
    escalated: 'Ticket escalado: por aceptar',
    failedTitle: 'Chasqui no puede abrirse',
  },
  en: {
    open: 'Open Chasqui',
    quit: 'Quit',
    retry: 'Connect now',
    nothingWaits: 'Chasqui: everything sent',
    waits: (count: number) => `Chasqui: ${count} to send`,
    edit: 'Edit',
    view: 'View',
    installUpdate: (version: string) => `Install version ${version} and restart`,
    assigned: 'Ticket assigned to you',
    escalated: 'Ticket escalated: to accept',
    failedTitle: 'Chasqui cannot open',
  },
} as const;
export type Language = keyof typeof texts;
export type Texts = (typeof texts)[Language];
export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith('en') ? 'en' : 'es');
