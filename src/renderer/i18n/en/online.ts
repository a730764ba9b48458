import type { online as es } from '../es/online.ts';
import type { Words } from '../language.ts';

export const online: Words<typeof es> = {
  offer: 'Search at the desk too',
  why: 'Tickets closed more than 90 days ago are not kept on this computer.',
  whyShort: 'Includes those closed more than 90 days ago.',
  ask: 'Search at the desk',
  offline: 'Offline: what is not on this computer cannot be searched now.',
  offlineNow: 'Offline: the desk can be searched once the link returns.',
  results: 'At the desk: “{{text}}”',
  found_one: '1 more ticket at the desk, closed more than {{days}} days ago',
  found_other: '{{count}} more tickets at the desk, closed more than {{days}} days ago',
  none: 'There are no tickets with “{{text}}” among those that only the desk keeps either.',
  mark: 'online: not on this console',
  more: 'There are more: write something more precise to see them.',
  banner:
    'Online: this ticket is not kept on this computer, it is read at the desk. What you write stays here and is sent as always.',
  gone: 'The desk could not be searched either: there is no link.',
};
