import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import type { PokeListener, PokeStream } from '../../core/ports/store-client.ts';
import { pokeFrameSchema } from '../../protocol/sync/messages.ts';
import { parseJson } from '../outbox-row.ts';
import type { Transport } from './transport.ts';

/** Two heartbeats missed and some patience: the line is dead even if nobody said so. */
const SILENCE_MS = 25_000;

/** Listens for news by server-sent events until closed from either side. */
export function openPoke(transport: Transport, accessToken: string, listener: PokeListener): PokeStream {
  const closing = new AbortController();
  const { signal } = closing;
  const run = async () => {
    const call = { method: 'GET' as const, path: '/sync/v1/poke', accessToken, body: null, idleMs: SILENCE_MS, signal };
    const answer = await transport.send(call);
    if (signal.aborted) return;
    if (!answer.ok) return listener.onClosed(answer.error);
    listener.onOpen();
    const whole = await follow(answer.value, listener, signal);
    if (!signal.aborted) listener.onClosed(whole ? null : { kind: 'offline' });
  };
  void run();
  return { close: () => closing.abort() };
}

/** @returns false: the stream was cut before its end */
async function follow(body: Readable, listener: PokeListener, signal: AbortSignal): Promise<boolean> {
  const parser = createParser({
    onEvent({ event, data }) {
      if (signal.aborted) return;
      const frame = pokeFrameSchema.safeParse(parseJson(data));
      if (event === 'news' && frame.success) listener.onNews(frame.data);
      else listener.onBeat();
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const piece of body) {
      const chunk: Buffer = piece;
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
    return true;
  } catch {
    return false;
  }
}
