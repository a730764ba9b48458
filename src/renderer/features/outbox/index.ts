export { OutboxPanel } from './outbox-panel.tsx';
export { SettledActs } from './settled-acts.tsx';
export { FormerVerdict, useRefusalWords, VerdictValues } from './verdict-words.tsx';
