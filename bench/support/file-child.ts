import { createHash, randomUUID } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PIECE_BYTES } from '../../src/protocol/console/attachment-methods.ts';
import type { Spawned } from '../../test/console-process/spawn.ts';
import { open, someTickets } from './note-rounds.ts';
import { serveCalls } from './serve-calls.ts';

/** A console with files in a process of its own, whose memory is nobody else's. */
const openSchema = z.object({
  storeUrl: z.string(),
  dataDir: z.string(),
  account: z.object({ user: z.string(), password: z.string() }),
});
const attachSchema = z.object({ path: z.string(), ticketId: z.string() });
const ofTicketSchema = z.object({ ticketId: z.string(), attachmentId: z.string() });
const LOOK_MS = 50;

let spawned: Spawned | null = null;
const here = (): Spawned => {
  if (spawned === null) throw new Error('no console is open');
  return spawned;
};

/** As a page does: piece by piece, each answered before the next. */
async function stage({ call }: Spawned, { path, ticketId }: z.infer<typeof attachSchema>) {
  const file = await openFile(path, 'r');
  try {
    const { size } = await file.stat();
    const of = { draftKey: `note:${ticketId}`, ticketId, name: 'registro.bin', mediaType: 'application/octet-stream' };
    const begun = await call('attachments.begin', { ...of, size });
    if (!begun.ok) throw new Error(begun.refusal.code);
    const { attachmentId } = begun.file;
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let offset = 0; offset < size; ) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, offset);
      const base64 = piece.subarray(0, bytesRead).toString('base64');
      offset = (await call('attachments.append', { attachmentId, offset, base64 })).received;
    }
    const done = await call('attachments.finish', { attachmentId, thumbnail: null });
    if (!done.ok || done.file.sha256 === null) throw new Error('the file is not whole');
    const { name, mediaType, sha256 } = { ...done.file, sha256: done.file.sha256 };
    return { attachmentId, name, mediaType, size, sha256, visibility: 'internal' as const, thumbnail: null };
  } finally {
    await file.close();
  }
}

serveCalls(
  {
    /** Signs in over the link as it is, and gives a ticket of the team once the console has it. */
    async open(params) {
      const { storeUrl, dataDir, account } = openSchema.parse(params);
      spawned = await open(storeUrl, dataDir, account);
      await spawned.until('connection.get', {}, ({ fill }) => fill === null);
      return (await someTickets(spawned))[0] ?? '';
    },
    async attach(params) {
      const console = here();
      const wanted = attachSchema.parse(params);
      const payload = await stage(console, wanted);
      const { results } = await console.call('acts.submit', {
        requestId: randomUUID(),
        atomic: true,
        acts: [{ ticketId: wanted.ticketId, type: 'addAttachment', payload }],
        clearDraft: null,
      });
      if (results[0]?.ok !== true) throw new Error('the file was refused');
      return { attachmentId: payload.attachmentId, sha256: payload.sha256 };
    },
    async offline() {
      await here().until('connection.get', {}, ({ state }) => state === 'offline');
      return null;
    },
    /** Told that the network is back; resolves when nothing waits to be sent. */
    async sendAll() {
      const { call } = here();
      await call('connection.retryNow', {});
      for (;;) {
        const { uploads, pendingActs } = await call('connection.get', {});
        if (uploads.waiting === 0 && pendingActs === 0) return null;
        await sleep(LOOK_MS);
      }
    },
    /** Until the file is on this machine; gives how often a person would have had to ask again. */
    async fetch(params) {
      const of = ofTicketSchema.parse(params);
      const { call } = here();
      for (let asked = 0, begun = false; ; ) {
        const { states } = await call('attachments.states', { ticketId: of.ticketId });
        const state = states.find(({ attachmentId }) => attachmentId === of.attachmentId);
        if (state?.here === true) return asked;
        if (!begun || state?.download?.state === 'failed') {
          // The link may be cut, or the timeline not be here yet: asked again, as a person does.
          const answer = await here().console.call('attachments.fetch', of);
          if (begun && answer.ok) asked++;
          begun ||= answer.ok;
        }
        await sleep(LOOK_MS);
      }
    },
    async hash(params) {
      const of = ofTicketSchema.parse(params);
      const hash = createHash('sha256');
      for (let offset = 0; ; ) {
        const { base64, size } = await here().call('attachments.read', { ...of, offset });
        const piece = Buffer.from(base64, 'base64');
        hash.update(piece);
        offset += piece.length;
        if (offset >= size) return hash.digest('hex');
      }
    },
  },
  async () => spawned?.console.stop(),
);
