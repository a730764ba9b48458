import { faultOf } from '../../shared/fault.ts';
import type { CoreDeps } from '../deps.ts';
import type { NewsHub } from '../news-hub.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { SessionKeeper } from '../session-keeper.ts';
import { createSignal, type Signal } from '../sync/signal.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import { createPlacing, type Placing } from './placing.ts';
import { createPutOff, type PutOff } from './put-off.ts';
import { createFileShelf, type FileShelf } from './shelf.ts';
import { createTransfers, type Transfers } from './transfers.ts';
import { createVerifiedFiles, type VerifiedFiles } from './verified.ts';

/** Files of attachments of one profile: what lies here, what is fetched, and how far what is under way has got. */
export interface FileDesk {
  readonly shelf: FileShelf;
  readonly placing: Placing;
  readonly putOff: PutOff;
  readonly verified: VerifiedFiles;
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  /** Raised when a file may go to the store: no text is left to send, one that was held goes on, or somebody asks to go on now. */
  readonly work: Signal;
  /** Collects what an earlier process left. */
  start(): void;
  stop(): void;
}

export function createFileDesk(deps: CoreDeps, files: ProfileFiles, keeper: SessionKeeper, hub: NewsHub): FileDesk {
  const transfers = createTransfers(deps, hub);
  const work = createSignal(deps.timers);
  const placing = createPlacing(files, hub, transfers, work);
  const shelf = createFileShelf(deps, files, transfers);
  const downloads = createDownloads({ deps, blobs: files.blobs, keeper, shelf, transfers });
  return {
    shelf,
    placing,
    putOff: createPutOff(deps),
    verified: createVerifiedFiles(files.blobs),
    downloads,
    transfers,
    work,
    start() {
      const begun = placing.finishAll().then(shelf.tidy);
      begun.catch((error: unknown) => deps.log.write('error', 'tidyThrew', { error: faultOf(error) }));
    },
    stop() {
      placing.stop();
      shelf.stop();
      transfers.stop();
    },
  };
}
