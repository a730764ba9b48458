export const signIn = {
  title: 'Entrar a la mesa de servicio',
  user: 'Usuario',
  password: 'Contraseña',
  submit: 'Entrar',
  submitting: 'Entrando…',
  profiles: 'En este equipo',
  pendingOne: '{{name}}: 1 por enviar',
  pending: '{{name}}: {{n}} por enviar',
  drained: '{{name}}: nada por enviar',
  profilesHint: 'Lo pendiente de cada persona se envía aunque no haya entrado.',
  trial: 'Cuentas de prueba',
  trialHint: 'Este servidor es de prueba: elige una cuenta y entra con un clic.',
  findAccount: 'Buscar por nombre, usuario, sede o rol',
  store: 'Servidor: {{url}}',
  offline: 'Sin conexión con el servidor. Quien ya entró en este equipo puede seguir trabajando.',
  diskNote: 'Los datos de este equipo no van cifrados: usa cifrado de disco.',
  needsPassword: 'Escribe tu contraseña para seguir como {{name}}.',
  unopened: {
    title: 'No se pudo abrir lo guardado de {{user}}',
    diskFull:
      'El disco de este equipo está lleno. Libera espacio y vuelve a intentarlo: lo guardado sigue ahí, y lo pendiente saldrá al abrirlo.',
    readOnly:
      'La carpeta de datos es de solo lectura. Pide que devuelvan el permiso y vuelve a intentarlo: lo guardado sigue ahí, y lo pendiente saldrá al abrirlo.',
    ioError:
      'El disco falló al leer. Vuelve a intentarlo; si se repite, no borres nada y avisa a soporte con el informe.',
    retry: 'Volver a intentar',
    retrying: 'Abriendo…',
    still: 'Sigue sin poder abrirse.',
  },
  mustChange: 'Cambia tu contraseña antes de continuar.',
} as const;
