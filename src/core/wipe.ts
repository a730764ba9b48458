import { faultOf } from '../shared/fault.ts';
import type { CoreDeps } from './deps.ts';
import type { FileShelf } from './files/shelf.ts';
import type { NewsHub } from './news-hub.ts';
import type { Farewell, ProfileFiles } from './ports/profiles.ts';
import { readSetting, writeSetting } from './settings.ts';
import { HAND_IN_EPOCH } from './sync/chain.ts';
import type { HandIn } from './sync/hand-in.ts';
import { nextWipe, type WipeState } from './wipe-machine.ts';

/** Files of a revoked device are handed in for so long, the texts for as long as it takes. */
const FILES_MS = 24 * 3_600_000;

export interface WipeParts {
  readonly deps: CoreDeps;
  readonly hub: NewsHub;
  readonly files: ProfileFiles;
  readonly user: string;
  readonly shelf: FileShelf;
  /** The farewell is written: files go, then the store is told. */
  readonly onHandedIn: (farewell: Farewell) => void;
}

/**
 * The first half of the wipe of a revoked device, while its profile is there. The cache goes at once. The outbox goes when the store has
 * answered every command that can be sent, those of another epoch included: a revoked device is not told which epoch it is, and this
 * is the last time that anybody can ask it (SY14). Nothing is erased while the store cannot be reached.
 */
export function createHandIn({ deps, hub, files, user, shelf, onHandedIn }: WipeParts): HandIn {
  const { outbox, cache } = files;
  let finishing = false;
  const oweAll = () => {
    outbox.oweReplay(HAND_IN_EPOCH);
    outbox.reofferUploads(HAND_IN_EPOCH);
  };
  const state = (): WipeState => (readSetting(outbox, 'wipe') === null ? 'none' : 'handingIn');

  return {
    begun: () => state() === 'handingIn',
    begin() {
      if (nextWipe(state(), 'revoked') === state()) {
        if (state() === 'handingIn') oweAll();
        return;
      }
      // Order: the note, then the cache: dying between them leaves a cache that the next contact takes away.
      const noted = writeSetting(outbox, 'wipe', { since: deps.clock.now(), unsent: outbox.counts().unanswered });
      if (!noted.ok) return;
      oweAll();
      deps.log.write('warn', 'deviceRevoked', { unsent: outbox.counts().unanswered });
      cache.wipe();
      shelf.dropFetched().catch((error: unknown) => deps.log.write('error', 'filesThrew', { error: faultOf(error) }));
      for (const view of ['session', 'connection', 'queue', 'outbox', 'directory'] as const) hub.emit(view);
    },
    calledOff() {
      if (nextWipe(state(), 'reinstated') === state()) return;
      deps.log.write('warn', 'deviceReinstated', {});
      writeSetting(outbox, 'wipe', null);
    },
    givesUpFiles() {
      const since = readSetting(outbox, 'wipe')?.since ?? null;
      return since !== null && Math.abs(deps.clock.now() - since) > FILES_MS;
    },
    handedIn() {
      if (nextWipe(state(), 'handedIn') === state() || finishing) return;
      finishing = finish();
    },
  };

  /** False: the farewell could not be written, and nothing was erased. */
  function finish(): boolean {
    const unsent = readSetting(outbox, 'wipe')?.unsent ?? 0;
    const unsentTexts = outbox.unreadable().length + outbox.counts().setAside;
    const { waiting, held, refused } = outbox.uploadCounts();
    const left = unsentTexts + waiting + held + refused;
    const farewell: Farewell = {
      profileId: files.id,
      user,
      handedIn: Math.max(0, unsent - unsentTexts),
      left,
      at: deps.clock.now(),
      erased: false,
      confirmed: false,
      sealedRefresh: readSetting(outbox, 'sealedRefresh'),
      shown: true,
    };
    const kept = deps.profiles.keepFarewell(farewell);
    if (kept.ok) onHandedIn(farewell);
    else deps.log.write('error', 'farewellNotKept', { code: kept.error.code });
    return kept.ok;
  }
}
