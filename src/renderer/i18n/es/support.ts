/** The report that a person hands to support. */
export const support = {
  save: 'Guardar informe para soporte',
  fileName: 'chasqui-soporte',
  saved: 'Informe guardado',
  savedDetail: 'Está en tus descargas.',
  look: 'Ver qué lleva',
  saveAgain: 'Guardar otra vez',
  title: 'Informe para soporte',
  about: 'Esto es todo lo que lleva el archivo. Chasqui no lo envía: lo entregas tú.',
  without:
    'No lleva textos de tickets, notas ni borradores, ni nombres o correos de personas, contraseñas o claves de sesión. De direcciones lleva una: la del servidor.',
  whole: 'El archivo completo',
  trace: 'Código de seguimiento',
  copyTrace: 'Copiar el código de seguimiento',
  missing: 'No respondió ({{code}})',
  parts: {
    sync: 'Conexión y actos por enviar',
    syncBody_one: 'Estados y cuentas de 1 perfil de este equipo',
    syncBody_other: 'Estados y cuentas de {{count}} perfiles de este equipo',
    files: 'Archivos y espacio',
    filesBody: 'Tamaños, versiones y si están sanos',
    logs: 'Registro técnico',
    logsBody_one: '1 línea, con códigos y tiempos',
    logsBody_other: '{{count}} líneas, con códigos y tiempos',
    machine: 'Equipo y versiones',
    machineBody: 'Chasqui {{version}}, sistema, memoria y pantalla',
  },
} as const;
