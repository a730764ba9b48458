import type { TFunction } from 'i18next';
import type { Connection } from '../../../protocol/console/rows.ts';
import type { Tone } from '../../components/badge.tsx';
import type { Format } from '../../lib/use-format.ts';

interface PillWords {
  readonly tone: Tone;
  readonly text: string;
  /** Something is under way. */
  readonly moving: boolean;
}

const tones: Record<Connection['state'], Tone> = {
  signedOut: 'neutral',
  connecting: 'neutral',
  filling: 'accent',
  catchingUp: 'accent',
  online: 'green',
  offline: 'amber',
  sessionExpired: 'amber',
  deviceRevoked: 'red',
  storeTooOld: 'amber',
  consoleTooOld: 'amber',
  certificateUntrusted: 'red',
  proxyAuthRequired: 'red',
  reauthLocked: 'red',
};

/**
 * The link as a sentence. Acts to send are counted in every state; refused ones apart, and files whose bytes are still here. `silentSince`: the link stands, yet
 * acts have gone unanswered since then; null while answers come.
 */
export function connectionWords(
  connection: Connection,
  t: TFunction,
  { time, bytes }: Pick<Format, 'time' | 'bytes'>,
  silentSince: number | null = null,
): PillWords {
  const { state, since, fill, pendingActs, refusedActs, uploads } = connection;
  const files =
    uploads.waiting === 0
      ? null
      : t('attachments.outbox.files', { count: uploads.waiting, size: bytes(uploads.bytes) });
  const percent =
    fill === null || fill.total === null || fill.total === 0
      ? null
      : Math.min(99, Math.floor((fill.done * 100) / fill.total));
  const silent = state === 'online' && pendingActs > 0 && silentSince !== null;
  const link = silent
    ? t('shell.pill.silent', { time: time(silentSince) })
    : state === 'offline'
      ? t('shell.pill.offline', { time: time(since) })
      : state === 'filling' && percent !== null
        ? t('shell.pill.fillingOf', { percent })
        : state === 'online' && pendingActs > 0
          ? t('shell.pill.sending', { n: pendingActs })
          : state === 'online' && files !== null
            ? t('attachments.outbox.sending', { files })
            : t(`shell.pill.${state}`);
  const parts = [
    link,
    pendingActs > 0 && (silent || state !== 'online') ? t('shell.pill.pending', { n: pendingActs }) : null,
    pendingActs > 0 || state !== 'online' ? files : null,
    refusedActs > 0
      ? refusedActs === 1
        ? t('shell.pill.refusedOne')
        : t('shell.pill.refused', { n: refusedActs })
      : null,
  ];
  return {
    // Green says that nothing is left to do: an act that was refused waits for its author.
    tone: silent || (state === 'online' && refusedActs > 0) ? 'amber' : tones[state],
    text: parts.filter((part) => part !== null).join(' · '),
    moving:
      state === 'connecting' ||
      state === 'filling' ||
      state === 'catchingUp' ||
      (state === 'online' && pendingActs + uploads.waiting > 0),
  };
}
