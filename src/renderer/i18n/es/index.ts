import { attachments } from './attachments.ts';
import { away } from './away.ts';
import { common, crash, errors } from './common.ts';
import { dialogs } from './dialogs.ts';
import { entry } from './entry.ts';
import { keyboard } from './keyboard.ts';
import { notice } from './notice.ts';
import { online } from './online.ts';
import { outbox } from './outbox.ts';
import { preferences } from './preferences.ts';
import { queue } from './queue.ts';
import { relatives } from './relatives.ts';
import { remote } from './remote.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { supervision } from './supervision.ts';
import { support } from './support.ts';
import { ticket } from './ticket.ts';
import { vocabulary } from './vocabulary.ts';

export const es = {
  common,
  errors,
  crash,
  ...vocabulary,
  attachments,
  away,
  dialogs,
  entry,
  keyboard,
  notice,
  online,
  outbox,
  preferences,
  queue,
  relatives,
  remote,
  shell,
  signIn,
  supervision,
  support,
  ticket,
} as const;
