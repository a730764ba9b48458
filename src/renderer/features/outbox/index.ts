export { OutboxPanel } from './outbox-panel.tsx';
