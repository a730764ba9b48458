export { type PersonHit, personHit, usePeople } from './person-hits.tsx';
export { TicketDialogs } from './ticket-dialogs.tsx';
