export { saveReport } from './save-report.ts';
export { SupportButton } from './support-button.tsx';
export { SupportDialog } from './support-dialog.tsx';
export { TraceLine } from './trace-line.tsx';
