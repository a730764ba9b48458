import type { Service } from '../../../domain/directory.ts';

/** R2: the catalogue's least, and what the ministry's own systems add to it. */
type Spec = readonly [code: string, category: Service['category'], es: string, en: string, citizen?: true];

export const serviceSpecs: readonly Spec[] = [
  ['EQUIPOS', 'computerEquipment', 'Equipos informáticos', 'Computer equipment'],
  ['IMPRESION', 'computerEquipment', 'Impresión y escaneo', 'Printing and scanning'],
  ['CORREO', 'email', 'Correo electrónico', 'E-mail'],
  ['OFIMATICA', 'officeSuite', 'Ofimática', 'Office suite'],
  ['INTERNET', 'internet', 'Internet', 'Internet'],
  ['INTRANET', 'intranet', 'Intranet', 'Intranet'],
  ['SIGA', 'internalSystems', 'SIGA y logística', 'SIGA and logistics'],
  ['PLANILLAS', 'internalSystems', 'Sistema de planillas', 'Payroll system'],
  ['TRAMITE', 'internalSystems', 'Trámite documentario', 'Document tracking'],
  ['INSPECCION', 'internalSystems', 'Sistema de inspección del trabajo', 'Labour inspection system'],
  ['CONSTANCIAS', 'internalSystems', 'Constancias y ventanilla al ciudadano', 'Certificates and citizen desk', true],
  ['CARPETAS', 'sharedFolders', 'Carpetas compartidas', 'Shared folders'],
  ['TELEFONIA', 'telephony', 'Telefonía y anexos', 'Telephony and extensions'],
  ['ACCESOS', 'internalSystems', 'Cuentas y accesos', 'Accounts and access'],
];
