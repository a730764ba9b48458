import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { expect, type Locator, type Page } from '@playwright/test';
import { pane, timeline } from './acts.ts';

/** A file as a spec gives it to a picker. */
export interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A picture that nothing else is equal to: noise, so that its file is about as large as its pixels. */
export function noisyPng(name: string, width: number, height: number): GivenFile {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  randomBytes(rows.length).copy(rows);
  for (let row = 0; row < height; row += 1) rows[row * (width * 3 + 1)] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
  return { name, mimeType: 'image/png', buffer: Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Chooses files in the picker of what is being written: the open dialog, else the note under the ticket. */
export async function pick(page: Page, files: readonly GivenFile[], scope: Locator = pane(page)): Promise<void> {
  await scope.getByTestId('file-picker').setInputFiles([...files]);
}

/** Pastes a picture without a name, as a screenshot comes from the clipboard. */
export async function pasteScreenshot(field: Locator, picture: GivenFile): Promise<void> {
  await field.evaluate(
    (node, { base64, mimeType }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'image.png', { type: mimeType }));
      node.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    { base64: picture.buffer.toString('base64'), mimeType: picture.mimeType },
  );
}

/** A picture as the page shows it, of a page that made it itself: the bytes behind its address, and its size in pixels. */
export async function shownPicture(picture: Locator): Promise<{ bytes: Buffer; width: number; height: number }> {
  const { base64, width, height } = await picture.evaluate(async (image) => {
    if (!(image instanceof HTMLImageElement)) throw new Error('no picture');
    await image.decode();
    const held: unknown = Reflect.get(globalThis, 'e2eBlobs').get(image.src);
    if (!(held instanceof Blob)) throw new Error('of another page');
    const text = Array.from(new Uint8Array(await held.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('');
    return { base64: btoa(text), width: image.naturalWidth, height: image.naturalHeight };
  });
  return { bytes: Buffer.from(base64, 'base64'), width, height };
}
/** Keeps at hand what the page makes addresses of, from here on: its policy lets nobody read them back. */
export async function keepPictures(page: Page): Promise<void> {
  await page.evaluate(() => {
    const blobs = new Map<string, Blob | MediaSource>();
    Reflect.set(globalThis, 'e2eBlobs', blobs);
    const made = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = made.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
  });
}

/** Files that are staged beside the text of that scope, whole. */
export const staged = (scope: Locator): Locator => scope.locator('[data-staged=ready]');

/** A file in the history of the open ticket. */
export const fileCard = (page: Page, name: string | RegExp): Locator =>
  timeline(page).locator('[data-attachment-id]').filter({ hasText: name });

/** Presses the way to save it and answers the bytes that reached the disk. */
export async function savedBytes(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** What the page's policy refused, and what the page complained of, from here on. */
export async function watchPage(page: Page): Promise<{ expectClean(): Promise<void> }> {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  await page.evaluate(() => {
    Reflect.set(globalThis, 'e2eViolations', []);
    document.addEventListener('securitypolicyviolation', (event) =>
      Reflect.get(globalThis, 'e2eViolations').push(`${event.effectiveDirective} ${event.blockedURI}`),
    );
  });
  return {
    async expectClean() {
      expect(await page.evaluate(() => Reflect.get(globalThis, 'e2eViolations'))).toEqual([]);
      expect(wrong).toEqual([]);
    },
  };
}

/** A hand that drags files of the disk over the window, as the browser itself deals with them: with its own answer where no page takes them. */
export async function draggedFiles(page: Page, paths: readonly string[]) {
  const session = await page.context().newCDPSession(page);
  let inside = false;
  const send = async (type: 'dragEnter' | 'dragOver' | 'drop', place: Locator) => {
    const box = await place.boundingBox();
    if (box === null) throw new Error('nothing to drag over');
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x: box.x + box.width / 2, y: box.y + box.height / 2, data });
  };
  return {
    async over(place: Locator): Promise<void> {
      if (!inside) await send('dragEnter', place);
      inside = true;
      await send('dragOver', place);
    },
    /** There where it is held. */
    drop: (place: Locator) => send('drop', place),
  };
}
