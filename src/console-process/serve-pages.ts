import type { MessagePort } from 'node:worker_threads';
import type { StoreFailure } from '../core/ports/store-client.ts';
import { transferOf } from '../platform-node/store-client/packed-page.ts';
import type { PageTerms, ReadPage } from '../platform-node/store-client/snapshot.ts';
import type { SnapshotRequest } from '../protocol/sync/messages.ts';
import type { Result } from '../shared/result.ts';
import type { FromPages, ToPages } from './wire.ts';

/** Reads one page; asks before it reads its end. */
export type PageReader = (
  accessToken: string,
  request: SnapshotRequest,
  terms: PageTerms,
) => Promise<Result<ReadPage, StoreFailure>>;

/** Answers the engine's questions for pages, one after the other as the engine asks them. */
export function servePages(port: MessagePort, read: PageReader): void {
  const post = (message: FromPages, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const allowed = new Map<number, () => void>();

  async function answer({ id, accessToken, request, spare }: Extract<ToPages, { kind: 'read' }>): Promise<void> {
    const mayEnd = () =>
      new Promise<void>((resolve) => {
        allowed.set(id, resolve);
        post({ kind: 'mayEnd', id });
      });
    const page = await read(accessToken, request, { mayEnd, spare });
    allowed.delete(id);
    const packed = page.ok && page.value.rows.form === 'packed' ? page.value.rows.data : null;
    post({ kind: 'page', id, page }, packed === null ? [] : transferOf(packed));
  }
  port.on('message', (message: ToPages) => {
    if (message.kind === 'end') allowed.get(message.id)?.();
    else void answer(message);
  });
}
