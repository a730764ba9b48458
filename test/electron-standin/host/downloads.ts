import type { CdpSession, Json } from './cdp.ts';
import { fromBrowserUrl } from './scheme-map.ts';
import { sessionModule } from './session.ts';
import { webContentsModule } from './web-contents.ts';

/**
 * Puts each download to main's `will-download` and cancels the one that it prevents. Where Electron would ask the person for a place,
 * the one who drives the window (Playwright, which sets a folder of its own when it connects) has it; with nobody there it is denied.
 */
export function watchDownloads(browser: CdpSession): void {
  browser.on('Browser.downloadWillBegin', (params: Json) => {
    const [contents] = webContentsModule.getAllWebContents();
    const url = fromBrowserUrl(String(params['url']));
    const wanted = sessionModule.defaultSession.offerDownload(url, String(params['suggestedFilename']), contents);
    if (!wanted) browser.send('Browser.cancelDownload', { guid: params['guid'] }).catch(() => {});
  });
}
