export { ActDialog } from './act-dialog.tsx';
export { assetHit, type PersonHit, personHit, useAssets, usePeople } from './person-hits.tsx';
export { TicketDialogs } from './ticket-dialogs.tsx';
export { useSubmit } from './use-submit.ts';
