import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type Attachment, attachmentSchema } from '../../../domain/attachments.ts';
import { useSession } from '../../client/use-session.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { datedName, endingOfType, type GivenFiles, pastedFiles } from './given-files.ts';
import type { StagedItem } from './staging.ts';
import { useStaging } from './staging-provider.tsx';

export interface StagedFiles {
  readonly items: readonly StagedItem[];
  /** Files that are still being read: the text waits for them, or the person takes them out. */
  readonly reading: number;
  /** Whole and kept: they go out with the text. */
  readonly ready: number;
  readonly add: (given: GivenFiles) => void;
  /** True: the paste was files, and they are taken. */
  readonly paste: (data: DataTransfer | null) => boolean;
  readonly remove: (key: string) => void;
  readonly retry: (key: string) => void;
  /** What an act says of them, once none is being read any more. Asked for again, it answers the same. */
  readonly collect: (visibility: Attachment['visibility']) => Promise<readonly Attachment[]>;
  readonly used: (sent: readonly Attachment[]) => void;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** The files beside one draft; `ticketId` null: of a ticket that is being registered. */
export function useStagedFiles(draftKey: string, ticketId: string | null): StagedFiles {
  const { t } = useTranslation();
  const staging = useStaging();
  const { timeZone } = useSession().settings;
  const items = useSyncExternalStore(
    useCallback((listener: () => void) => staging.listen(draftKey, listener), [staging, draftKey]),
    () => staging.items(draftKey),
  );
  return useMemo(() => {
    const add = ({ files, folders }: GivenFiles) => staging.add(draftKey, ticketId, files, folders);
    return {
      items,
      reading: items.filter(({ state }) => state === 'waiting' || state === 'reading').length,
      ready: items.filter(({ state }) => state === 'ready').length,
      add,
      paste(data) {
        const named = (file: File) =>
          datedName(t('attachments.pastedName'), new Date(), timeZone, endingOfType(file.type));
        const given = pastedFiles(data, named);
        if (given === null) return false;
        add(given);
        return true;
      },
      remove: (key) => staging.remove(draftKey, key),
      retry: (key) => staging.retry(draftKey, key),
      async collect(visibility) {
        await staging.whenRead(draftKey);
        return staging.items(draftKey).flatMap((item) => attachmentOf(item, visibility));
      },
      used: (sent) =>
        staging.used(
          draftKey,
          sent.map(({ attachmentId }) => attachmentId),
        ),
    };
  }, [items, staging, draftKey, ticketId, timeZone, t]);
}

function attachmentOf({ file }: StagedItem, visibility: Attachment['visibility']): Attachment[] {
  if (file === null || file.sha256 === null) return [];
  const { attachmentId, name, size, sha256, thumbnail } = file;
  // What a browser does not know it leaves empty, and a system may call its files anything.
  const named = attachmentSchema.shape.mediaType.safeParse(file.mediaType);
  return [
    { attachmentId, name, size, sha256, thumbnail, visibility, mediaType: named.success ? named.data : UNKNOWN_TYPE },
  ];
}
