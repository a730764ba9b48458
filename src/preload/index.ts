import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE, CHANNEL_PORT, PORT_MESSAGE } from '../protocol/channels.ts';

/**
 * The whole bridge: the page may ask for the console's port, once a load, and gets it as a window message. Everything else
 * goes over that port, checked on both sides. No Electron object, no event and no channel name reaches the page.
 */
let asked = false;
contextBridge.exposeInMainWorld(BRIDGE, {
  requestPort(): void {
    if (asked) return;
    asked = true;
    ipcRenderer.send(CHANNEL_PORT);
  },
});

ipcRenderer.once(CHANNEL_PORT, (event) => {
  const port = event.ports[0];
  // Only the page's own origin may read it: a document that took this one's place gets nothing.
  if (port !== undefined) window.postMessage(PORT_MESSAGE, window.location.origin, [port]);
});

// A file or an address dropped anywhere is never navigated to; a field that takes text keeps its own handling of it.
for (const type of ['dragover', 'drop'] as const) {
  window.addEventListener(type, (event) => {
    const types = event.dataTransfer?.types ?? [];
    if (types.includes('Files') || types.includes('text/uri-list')) event.preventDefault();
  });
}
