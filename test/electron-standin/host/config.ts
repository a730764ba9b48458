import type { HostConfig } from '../records.ts';

/** Given by the launcher; gone from the environment before main is loaded, so that no child of it inherits it. */
export const config: HostConfig = read();

function read(): HostConfig {
  const text = process.env['CHASQUI_ELECTRON_STANDIN'];
  if (text === undefined)
    throw new Error('the stand-in is started by its launcher: CHASQUI_ELECTRON_STANDIN is missing');
  delete process.env['CHASQUI_ELECTRON_STANDIN'];
  return JSON.parse(text) as HostConfig;
}
