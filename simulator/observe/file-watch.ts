import type { Machine } from '../console/machine.ts';
import type { Court } from './violation.ts';

export interface FileWatchDeps {
  readonly court: Court;
  readonly machines: () => readonly Machine[];
  /** Files that the store has, whole, by SHA-256. */
  readonly stored: ReadonlyMap<string, unknown>;
}

/** Files of acts that a console answered for as saved: each is at the store, or with a console. SY1, SY16. */
export interface FileWatch {
  told(commandId: string, attachmentId: string, sha256: string): void;
  check(): void;
  /** What is nowhere any more after an act of force was lost by it. */
  writeOff(): void;
  /** A revoked device is about to erase its files: of acts that the store never took it keeps none. */
  erases(machine: Machine): void;
  /** Once all has healed. `stranded`: machines that the store hears no more. */
  checkSettled(stranded: ReadonlySet<Machine>): void;
}

/** Files of this console whose turn it is: their act was answered, and the store does not have them. */
export const filesToSend = ({ disk: { outbox } }: Machine): string[] =>
  [...outbox.files.uploads.values()].flatMap(({ attachmentId, commandId, state }) => {
    const row = outbox.rows.get(commandId);
    if (state !== 'waiting' || row?.kind === 'unreadable') return [];
    const isDue = row === undefined || (isTaken(row.command.state) && row.command.replayFor === null);
    return isDue ? [attachmentId] : [];
  });
const isTaken = (state: string): boolean => state === 'applied' || state === 'merged' || state === 'parked';

export function createFileWatch({ court, machines, stored }: FileWatchDeps): FileWatch {
  const told = new Map<string, { readonly attachmentId: string; readonly sha256: string }>();
  const isWithConsole = (sha256: string) => machines().some((machine) => machine.disk.blobs.files.has(sha256));
  const drop = (gone: (of: { attachmentId: string; sha256: string }) => boolean) => {
    for (const [id, of] of told) if (!stored.has(of.sha256) && gone(of)) told.delete(id);
  };
  return {
    told: (commandId, attachmentId, sha256) => void told.set(commandId, { attachmentId, sha256 }),
    check() {
      for (const [id, { sha256 }] of told)
        if (!stored.has(sha256) && !isWithConsole(sha256))
          court.accuse(
            'SY1',
            `the file of command ${id} was shown as saved, and is neither at the store nor with a console`,
          );
    },
    writeOff: () => drop(({ sha256 }) => !isWithConsole(sha256)),
    erases(machine) {
      const { outbox } = machine.disk;
      drop(({ attachmentId }) => {
        const upload = outbox.files.uploads.get(attachmentId);
        const row = upload === undefined ? undefined : outbox.rows.get(upload.commandId);
        return row?.kind === 'unreadable' || row?.command.state === 'refused';
      });
    },
    checkSettled(stranded) {
      for (const [id, { attachmentId, sha256 }] of told) {
        if (stored.has(sha256)) continue;
        const holders = machines().filter(({ disk }) => disk.outbox.files.uploads.has(attachmentId));
        const isOwed = (machine: Machine) =>
          !stranded.has(machine) &&
          (machine.disk.outbox.files.uploads.get(attachmentId)?.state === 'done' ||
            filesToSend(machine).includes(attachmentId));
        if (holders.length === 0 || holders.some(isOwed))
          court.accuse('SY16', `the file of command ${id} never came to the store`);
      }
    },
  };
}
