/** Names that main and preload share. The preload imports this file only. */
export const CHANNEL_PORT = 'chasqui:port';
/** window.postMessage data with which the preload hands the MessagePort to the page. */
export const PORT_MESSAGE = 'chasqui:console-port';
/** Name of the preload's object in the page. */
export const BRIDGE = 'chasqui';
