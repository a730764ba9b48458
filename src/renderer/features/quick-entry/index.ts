export { QuickEntry } from './quick-entry.tsx';
