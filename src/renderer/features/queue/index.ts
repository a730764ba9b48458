export { QueueScreen } from './queue-screen.tsx';
export { TicketTable } from './ticket-table.tsx';
