export { EndRemoteDialog } from './end-remote-dialog.tsx';
export { RemoteDialog } from './remote-dialog.tsx';
export { RemoteStrip } from './remote-strip.tsx';
