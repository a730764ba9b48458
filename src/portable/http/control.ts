import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * How a second start on the same data folder asks the running host for a new link. Both sides prove that they have read the
 * 0600 runtime file; the secret itself never crosses the line, so an impostor that took the port learns nothing and can
 * answer nothing (threat 34).
 */
export const controlRequestSchema = z.strictObject({
  nonce: z.string().regex(/^[\w-]{20,64}$/),
  act: z.enum(['link', 'show']),
  proof: z.string().max(64),
});
export type ControlRequest = z.infer<typeof controlRequestSchema>;
const controlAnswerSchema = z.strictObject({ url: z.string().max(400), proof: z.string().max(64) });

export interface ControlDesk {
  /** Null: whoever asks has not read the runtime file, or says again what was said before. */
  answer(request: ControlRequest): z.infer<typeof controlAnswerSchema> | null;
}

/** @param acts what each request does; both return the address with a one-time token. */
export function createControlDesk(secret: string, acts: Record<ControlRequest['act'], () => string>): ControlDesk {
  const seen = new Set<string>();
  return {
    answer(request) {
      if (seen.has(request.nonce) || !sameText(request.proof, askProof(secret, request))) return null;
      seen.add(request.nonce);
      const url = acts[request.act]();
      return { url, proof: answerProof(secret, request.nonce, url) };
    },
  };
}

export function controlRequest(secret: string, nonce: string, act: ControlRequest['act']): ControlRequest {
  return { nonce, act, proof: askProof(secret, { nonce, act }) };
}

/** The address in a true answer; null for an impostor's. */
export function readControlAnswer(secret: string, nonce: string, body: unknown): string | null {
  const answer = controlAnswerSchema.safeParse(body);
  if (!answer.success) return null;
  return sameText(answer.data.proof, answerProof(secret, nonce, answer.data.url)) ? answer.data.url : null;
}

const askProof = (secret: string, request: { nonce: string; act: string }) =>
  mac(secret, `ask\n${request.act}\n${request.nonce}`);
const answerProof = (secret: string, nonce: string, url: string) => mac(secret, `answer\n${nonce}\n${url}`);
const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64url');

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
