export { ReassignDialog } from './reassign-dialog.tsx';
export { SupervisionScreen } from './supervision-screen.tsx';
