import type { CdpSession, Json } from './cdp.ts';
import { fromBrowserUrl } from './scheme-map.ts';
import { sessionModule } from './session.ts';
import { notImplemented } from './unimplemented.ts';
import { webContentsModule } from './web-contents.ts';

/** Puts each download to main's `will-download` and cancels it: prevented, as it should be; else for want of a place. */
export async function watchDownloads(browser: CdpSession): Promise<void> {
  browser.on('Browser.downloadWillBegin', (params: Json) => {
    browser.send('Browser.cancelDownload', { guid: params['guid'] }).catch(() => {});
    const [contents] = webContentsModule.getAllWebContents();
    const url = fromBrowserUrl(String(params['url']));
    const wanted = sessionModule.defaultSession.offerDownload(url, String(params['suggestedFilename']), contents);
    if (wanted) notImplemented('a download that main lets through');
  });
  await browser.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
}
