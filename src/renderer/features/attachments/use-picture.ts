import { useEffect, useState } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { HEAD_BYTES, isDrawable, pictureHead } from './picture-head.ts';
import { readAttachment } from './read-attachment.ts';
import type { TicketFile } from './ticket-files.ts';

/** The whole picture, once it is here and its bytes are what a page may draw. */
export type Picture =
  | { readonly state: 'loading' }
  | { readonly state: 'shown'; readonly url: string; readonly width: number; readonly height: number }
  | { readonly state: 'notPicture' | 'tooLarge' | 'failed' };

const loading: Picture = { state: 'loading' };

/** Its bytes decide what it is: neither its name nor the media type that its author's console wrote. */
export function usePicture(ticketId: string, { here, entry }: TicketFile): Picture {
  const { client } = useConsole();
  const { attachmentId } = entry.event;
  const [picture, setPicture] = useState<Picture>(loading);
  useEffect(() => {
    setPicture(loading);
    if (!here) return;
    let current = true;
    let url: string | null = null;
    void readAttachment(client, { ticketId, attachmentId }).then(async (read) => {
      if (!read.ok) return current && setPicture({ state: 'failed' });
      const head = pictureHead(new Uint8Array(await read.value.slice(0, HEAD_BYTES).arrayBuffer()));
      if (!current) return;
      if (head === null) return setPicture({ state: 'notPicture' });
      if (!isDrawable(head)) return setPicture({ state: 'tooLarge' });
      url = URL.createObjectURL(new Blob([read.value], { type: head.mediaType }));
      setPicture({ state: 'shown', url, width: head.width, height: head.height });
    });
    return () => {
      current = false;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [client, ticketId, attachmentId, here]);
  return picture;
}
