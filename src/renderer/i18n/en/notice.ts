import type { notice as es } from '../es/notice.ts';
import type { Words } from '../language.ts';

export const notice: Words<typeof es> = {
  label: 'Notices of this computer',
  dismiss: 'Mark as read',
  more_one: 'See 1 more notice',
  more_other: 'See {{count}} more notices',
  fewer: 'See only the latest',
  seeOutbox: 'See which',
  scopeChanged: 'Your part in the desk has changed; the tickets on this computer follow.',
  scopeRole: 'Your role is now {{role}}.',
  scopeGained: 'You are now in: {{teams}}.',
  scopeLost: 'You are no longer in: {{teams}}.',
  scopeKept: 'What you had to send goes on its way.',
  storeRestored: 'The desk went back to an earlier backup. Nothing of yours had to be handed in again.',
  storeRestoredRunning:
    'The desk went back to an earlier backup. Your acts are being handed in again: {{replayed}} of {{owed}}.',
  storeRestoredDone_one:
    'The desk went back to an earlier backup. 1 act of yours was handed in again; nothing was lost.',
  storeRestoredDone_other:
    'The desk went back to an earlier backup. {{count}} acts of yours were handed in again; nothing was lost.',
  storeRestoredChanged_one: '1 has another answer than before.',
  storeRestoredChanged_other: '{{count}} have another answer than before.',
  storeRestoredRenumbered_one:
    '1 ticket that you registered has another number than before: tell whoever has the old one.',
  storeRestoredRenumbered_other:
    '{{count}} tickets that you registered have other numbers than before: tell whoever has the old ones.',
  cacheRebuilt: 'The local copy was damaged and was made anew from the desk. What you wrote was not touched.',
  cacheRepaired_one: '1 row of the local copy that differed from the desk was mended.',
  cacheRepaired_other: '{{count}} rows of the local copy that differed from the desk were mended.',
  outboxSalvaged_one:
    'The file of what is to be sent was damaged: 1 act and {{drafts}} drafts were rescued. The damaged file is kept.',
  outboxSalvaged_other:
    'The file of what is to be sent was damaged: {{count}} acts and {{drafts}} drafts were rescued. The damaged file is kept.',
  outboxWhole: 'Nothing is missing.',
  outboxLost_one: 'At least 1 could not be read: tell support.',
  outboxLost_other: 'At least {{count}} could not be read: tell support.',
  actTooLarge:
    'The network does not let “{{act}}” of {{code}} ({{subject}}) through: it is too large for the proxy. It is saved and waits; what you wrote after it waits behind it. Tell network support.',
  attachmentHeld:
    'The desk does not take the file “{{name}}”. It stays on this computer; the text that came with it was sent.',
  attachmentDamaged:
    'The file “{{name}}” is not whole on this computer any more and the desk never had it: attach it again.',
  farewell: {
    title: 'This device was revoked',
    handedIn_one: 'Before it erased itself it handed in 1 act of {{user}}: a supervisor has it.',
    handedIn_other: 'Before it erased itself it handed in {{count}} acts of {{user}}: a supervisor has them.',
    nothing: '{{user}} had nothing to hand in.',
    left_one: '1 act could not be handed in.',
    left_other: '{{count}} acts could not be handed in.',
    erased: 'The copy of the tickets, the drafts and the account were erased from this computer ({{when}}).',
    confirmed: 'The desk knows.',
    unconfirmed: 'The desk does not know yet: it is told as soon as there is a link.',
  },
};
