import { attachmentRefusal, safeFileName } from '../../../src/domain/attachments.ts';
import { defaultDeskSettings } from '../../../src/domain/desk-settings.ts';
import {
  type AttachmentState,
  type FileOnItsWay,
  PIECE_BYTES,
  type StagedFile,
} from '../../../src/protocol/console/attachment-methods.ts';
import type { ConsoleParams, ConsoleResult } from '../../../src/protocol/console/methods.ts';
import { held } from './desk.ts';

interface BoxDeps {
  readonly online: () => boolean;
  readonly tell: (ticketId: string | null) => void;
  /** The store has the whole file. */
  readonly arrived: (ticketId: string, attachmentId: string) => void;
}

interface Kept {
  file: StagedFile;
  readonly ticketId: string | null;
  readonly addedAt: number;
  readonly pieces: Uint8Array<ArrayBuffer>[];
}
const fromBase64 = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const toBase64 = (bytes: Uint8Array) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const STEP_MS = 350;
const STEPS = 6;

/** Files as the engine keeps them, in memory: staged, sent step by step while the link is up, fetched step by step. */
export function createAttachmentBox({ online, tell, arrived }: BoxDeps) {
  const staged = new Map<string, Kept>();
  const here = new Map<string, Uint8Array<ArrayBuffer>>();
  const states = new Map<string, Map<string, AttachmentState>>();
  let count = 0;

  const stateOf = (ticketId: string, attachmentId: string): AttachmentState => {
    const ofTicket = states.get(ticketId) ?? new Map<string, AttachmentState>();
    states.set(ticketId, ofTicket);
    const known = ofTicket.get(attachmentId) ?? { attachmentId, here: false, upload: null, download: null };
    ofTicket.set(attachmentId, known);
    return known;
  };
  const steps = (each: (share: number) => void, done: () => void) => {
    let step = 0;
    const timer = setInterval(() => {
      step += 1;
      if (step < STEPS) return each(step / STEPS);
      clearInterval(timer);
      done();
    }, STEP_MS);
  };
  function fileOnItsWay(ticketId: string, { attachmentId, upload }: AttachmentState): FileOnItsWay[] {
    const ticket = held.get(ticketId);
    const added = ticket?.entries.find(({ event }) => 'attachmentId' in event && event.attachmentId === attachmentId);
    if (upload === null || ticket === undefined || added?.event.type !== 'attachmentAdded' || added.pending !== null)
      return [];
    const { name, size, thumbnail } = added.event;
    const { number, provisionalCode, subject } = ticket.ticket;
    return [
      {
        ...{ attachmentId, commandId: added.commandId, ticketId, ticketCode: number ?? provisionalCode },
        ...{ ticketSubject: subject, name, size, thumbnail, sent: upload.sent, failures: 0, deskFull: false },
        state: upload.state === 'sending' ? 'sending' : 'waiting',
      },
    ];
  }
  function send(ticketId: string, attachmentId: string, size: number): void {
    const state = stateOf(ticketId, attachmentId);
    state.here = true;
    state.upload = { state: 'waiting', sent: 0 };
    if (!online()) return;
    steps(
      (share) => {
        state.upload = { state: 'sending', sent: Math.floor(size * share) };
        tell(ticketId);
      },
      () => {
        state.upload = null;
        arrived(ticketId, attachmentId);
        tell(ticketId);
      },
    );
  }

  const methods = {
    'attachments.begin'(params: ConsoleParams<'attachments.begin'>): ConsoleResult<'attachments.begin'> {
      const { draftKey, ticketId, mediaType, size } = params;
      const others = [...staged.values()].reduce((sum, { file }) => sum + file.size, 0);
      const ticket = ticketId === null ? null : (held.get(ticketId)?.ticket ?? null);
      const refusal = attachmentRefusal(defaultDeskSettings.attachments, ticket, params, others);
      if (refusal !== null) return { ok: false, refusal: { code: refusal.code, params: { ...refusal.params } } };
      const attachmentId = crypto.randomUUID();
      const file = {
        ...{ attachmentId, draftKey, name: safeFileName(params.name), mediaType, size },
        ...{ received: 0, sha256: null, thumbnail: null },
      };
      staged.set(attachmentId, { file, ticketId, addedAt: Date.now(), pieces: [] });
      return { ok: true, file };
    },
    'attachments.append'({ attachmentId, offset, base64 }: ConsoleParams<'attachments.append'>): { received: number } {
      const kept = staged.get(attachmentId);
      if (kept === undefined) return { received: 0 };
      if (offset === kept.file.received) {
        const piece = fromBase64(base64);
        kept.pieces.push(piece);
        kept.file = { ...kept.file, received: offset + piece.length };
      }
      return { received: kept.file.received };
    },
    'attachments.finish'({
      attachmentId,
      thumbnail,
    }: ConsoleParams<'attachments.finish'>): ConsoleResult<'attachments.finish'> {
      const kept = staged.get(attachmentId);
      if (kept === undefined) return { ok: false, refusal: { code: 'attachmentMissing', params: {} } };
      count += 1;
      kept.file = { ...kept.file, thumbnail, sha256: count.toString(16).padStart(64, '0') };
      return { ok: true, file: kept.file };
    },
    'attachments.discard'({ attachmentId }: ConsoleParams<'attachments.discard'>): Record<string, never> {
      staged.delete(attachmentId);
      return {};
    },
    'attachments.staged': ({ draftKey }: ConsoleParams<'attachments.staged'>): ConsoleResult<'attachments.staged'> => ({
      files: [...staged.values()].map(({ file }) => file).filter((file) => file.draftKey === draftKey),
    }),
    'attachments.states': ({ ticketId }: ConsoleParams<'attachments.states'>): ConsoleResult<'attachments.states'> => ({
      states: [...(states.get(ticketId)?.values() ?? [])],
    }),
    'attachments.onTheirWay': (): ConsoleResult<'attachments.onTheirWay'> => ({
      files: [...states].flatMap(([ticketId, ofTicket]) =>
        [...ofTicket.values()].flatMap((state) => fileOnItsWay(ticketId, state)),
      ),
    }),
    'attachments.fetch'({
      ticketId,
      attachmentId,
    }: ConsoleParams<'attachments.fetch'>): Record<string, never> | { failed: 'offline' } {
      if (!online()) return { failed: 'offline' };
      const added = held
        .get(ticketId)
        ?.entries.find(({ event }) => event.type === 'attachmentAdded' && event.attachmentId === attachmentId)?.event;
      if (added?.type !== 'attachmentAdded') return {};
      const state = stateOf(ticketId, attachmentId);
      state.download = { state: 'waiting', received: 0 };
      steps(
        (share) => {
          state.download = { state: 'fetching', received: Math.floor(added.size * share) };
          tell(ticketId);
        },
        () => {
          here.set(attachmentId, fromBase64(added.thumbnail?.base64 ?? btoa('x'.repeat(100))));
          state.download = null;
          state.here = true;
          tell(ticketId);
        },
      );
      return {};
    },
    'attachments.read'({
      attachmentId,
      offset,
    }: ConsoleParams<'attachments.read'>): ConsoleResult<'attachments.read'> | { failed: 'notFound' } {
      const bytes = here.get(attachmentId);
      if (bytes === undefined) return { failed: 'notFound' };
      return { base64: toBase64(bytes.subarray(offset, offset + PIECE_BYTES)), size: bytes.length };
    },
  };
  return {
    methods,
    uploads() {
      const due = [...states.values()]
        .flatMap((ofTicket) => [...ofTicket.values()])
        .filter(({ upload }) => upload !== null);
      return {
        waiting: due.length,
        bytes: due.reduce((sum, { attachmentId }) => sum + (here.get(attachmentId)?.length ?? 0), 0),
      };
    },
    /** What lies beside drafts. */
    beside: {
      byKey() {
        const byKey = Map.groupBy(staged.values(), ({ file }) => file.draftKey);
        return new Map(
          [...byKey].map(([key, kept]) => [
            key,
            {
              ticketId: kept[0]?.ticketId ?? null,
              addedAt: Math.max(...kept.map(({ addedAt }) => addedAt)),
              files: kept.map(({ file: { attachmentId, name, size } }) => ({ attachmentId, name, size })),
            },
          ]),
        );
      },
      drop(key: string, attachmentIds: readonly string[]) {
        for (const id of attachmentIds) if (staged.get(id)?.file.draftKey === key) staged.delete(id);
        tell(null);
      },
    },
    /** An act that adds it was written. */
    use(ticketId: string, attachmentId: string): void {
      const kept = staged.get(attachmentId);
      if (kept === undefined) return;
      const bytes = new Uint8Array(kept.file.size);
      let offset = 0;
      for (const piece of kept.pieces) {
        bytes.set(piece, offset);
        offset += piece.length;
      }
      here.set(attachmentId, bytes);
      staged.delete(attachmentId);
      send(ticketId, attachmentId, bytes.length);
    },
  };
}
