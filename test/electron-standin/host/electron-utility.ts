import { standinFetch } from './net-fetch.ts';
import { missing, strict } from './unimplemented.ts';

/** `electron` as a utility process sees it. */
export const net = strict('net (in a utility process)', { fetch: standinFetch, isOnline: () => true, online: true });
export const systemPreferences = missing('systemPreferences');
const electron = strict('electron (in a utility process)', { net, systemPreferences });
export default electron;
export { electron as 'module.exports' };
