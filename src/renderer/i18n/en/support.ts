import type { support as es } from '../es/support.ts';
import type { Words } from '../language.ts';

export const support: Words<typeof es> = {
  save: 'Save report for support',
  fileName: 'chasqui-support',
  saved: 'Report saved',
  savedDetail: 'It is in your downloads.',
  look: 'See what is in it',
  saveAgain: 'Save again',
  title: 'Report for support',
  about: 'This is all that the file holds. Chasqui does not send it: you hand it over.',
  without:
    'It holds no text of tickets, notes or drafts, and no names or e-mails of people, passwords or session keys. The one address in it is that of the server.',
  whole: 'The whole file',
  trace: 'Tracking code',
  copyTrace: 'Copy the tracking code',
  missing: 'No answer ({{code}})',
  parts: {
    sync: 'Link and acts to send',
    syncBody_one: 'States and counts of 1 profile on this computer',
    syncBody_other: 'States and counts of {{count}} profiles on this computer',
    files: 'Files and space',
    filesBody: 'Sizes, versions and whether they are sound',
    logs: 'Technical log',
    logsBody_one: '1 line, with codes and times',
    logsBody_other: '{{count}} lines, with codes and times',
    machine: 'Computer and versions',
    machineBody: 'Chasqui {{version}}, system, memory and screen',
  },
};
