import { useState } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { useConnection } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useView, viewActs } from '../../state/view-store.ts';

/** «Salir y borrar»: only once everything has left this computer. */
export function SignOutDialog() {
  const open = useView((state) => state.overlay === 'signOut');
  return open ? <OpenSignOut /> : null;
}

function OpenSignOut() {
  const { t } = useTranslation();
  const { client, cache } = useConsole();
  const words = useWords();
  const connection = useConnection();
  const pending = connection?.pendingActs ?? 0;
  const unsettled = connection?.refusedActs ?? 0;
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function erase(): Promise<void> {
    setBusy(true);
    const answer = await client.call('session.signOut', { erase: true });
    setBusy(false);
    if (!answer.ok) return setFailure(words.error(answer.error));
    viewActs.reset();
    cache.renew();
  }

  return (
    <Dialog
      open
      onClose={() => viewActs.closeOverlay()}
      width="sm"
      title={t('shell.signOutDialog.title')}
      actions={
        <>
          <Button onClick={() => viewActs.closeOverlay()}>{t('common.cancel')}</Button>
          <Button tone="danger" busy={busy} disabled={pending > 0 || unsettled > 0} onClick={() => void erase()}>
            {t('shell.signOutDialog.confirm')}
          </Button>
        </>
      }
    >
      <p className="text-sm text-text-2">{t('shell.signOutDialog.body')}</p>
      {pending > 0 && (
        <p className="mt-3 rounded-md bg-amber-wash px-3 py-2 text-sm">
          {t('shell.signOutDialog.pending', { count: pending })}
        </p>
      )}
      {unsettled > 0 && (
        <p className="mt-3 rounded-md bg-amber-wash px-3 py-2 text-sm">
          {t('shell.signOutDialog.unsettled', { count: unsettled })}
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mt-3 rounded-md bg-red-wash px-3 py-2 text-red text-sm">
          {failure}
        </p>
      )}
    </Dialog>
  );
}
