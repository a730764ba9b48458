import { CONSOLE_CONTRACT_VERSION } from '../versions.ts';
import { answerCall, type ConsoleTarget, consoleError } from './answer-call.ts';
import { type NewsFrame, type RequestFrame, type ResponseFrame, requestFrameSchema } from './client.ts';
import type { FrameTransport } from './transport.ts';

/** Calls of one line that may be under way at once; a page that floods its own host gets `badRequest`. */
const MAX_IN_FLIGHT = 256;

/**
 * Serves the console contract on one line until it closes: frames in, answers and news out.
 * What is no request frame is dropped: there is no id to answer to. Returns a function that closes the line.
 */
export function servePort(
  transport: FrameTransport,
  target: ConsoleTarget,
  onBug: (bug: unknown) => void = () => {},
): () => void {
  let open = true;
  let inFlight = 0;
  const send = (frame: ResponseFrame | NewsFrame) => {
    if (open) transport.send(frame);
  };
  const refuse = (id: number, error: ReturnType<typeof consoleError>) =>
    send({ v: CONSOLE_CONTRACT_VERSION, id, ok: false, error });

  async function answer(frame: RequestFrame): Promise<void> {
    if (frame.v !== CONSOLE_CONTRACT_VERSION) {
      refuse(frame.id, consoleError('contractMismatch', { host: CONSOLE_CONTRACT_VERSION, page: frame.v }));
      return;
    }
    if (inFlight >= MAX_IN_FLIGHT) {
      refuse(frame.id, consoleError('badRequest', { reason: 'tooManyCalls' }));
      return;
    }
    inFlight += 1;
    const result = await answerCall(target, frame.method, frame.params, onBug);
    inFlight -= 1;
    if (result.ok) send({ v: CONSOLE_CONTRACT_VERSION, id: frame.id, ok: true, result: result.value });
    else refuse(frame.id, result.error);
  }

  const unsubscribe = target.onNews((news) => send({ v: CONSOLE_CONTRACT_VERSION, news }));
  transport.onFrame((frame) => {
    const parsed = requestFrameSchema.safeParse(frame);
    if (parsed.success) answer(parsed.data).catch(onBug);
  });
  transport.onClose(() => {
    open = false;
    unsubscribe();
  });
  return () => transport.close();
}
