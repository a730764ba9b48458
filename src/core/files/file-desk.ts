import { faultOf } from '../../shared/fault.ts';
import type { CoreDeps } from '../deps.ts';
import type { NewsHub } from '../news-hub.ts';
import type { ProfileFiles } from '../ports/profiles.ts';
import type { SessionKeeper } from '../session-keeper.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import { createFileShelf, type FileShelf } from './shelf.ts';
import { createTransfers, type Transfers } from './transfers.ts';

/** Files of attachments of one profile: what lies here, what is fetched, and how far what is under way has got. */
export interface FileDesk {
  readonly shelf: FileShelf;
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  /** Collects what an earlier process left. */
  start(): void;
  stop(): void;
}

export function createFileDesk(deps: CoreDeps, files: ProfileFiles, keeper: SessionKeeper, hub: NewsHub): FileDesk {
  const transfers = createTransfers(deps, hub);
  const shelf = createFileShelf(deps, files, transfers);
  const downloads = createDownloads({ deps, blobs: files.blobs, keeper, shelf, transfers });
  return {
    shelf,
    downloads,
    transfers,
    start() {
      shelf.tidy().catch((error: unknown) => deps.log.write('error', 'tidyThrew', { error: faultOf(error) }));
    },
    stop() {
      shelf.stop();
      downloads.stop();
      transfers.stop();
    },
  };
}
