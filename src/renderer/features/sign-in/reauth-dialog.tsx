import { type FormEvent, useId, useState } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { useSession } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useView, viewActs } from '../../state/view-store.ts';

/** The same person gives the password again, over whatever is open: nothing on the screen is lost. */
export function ReauthDialog() {
  const open = useView((state) => state.overlay === 'reauth');
  return open ? <OpenReauth /> : null;
}

function OpenReauth() {
  const { t } = useTranslation();
  const { client } = useConsole();
  const session = useSession();
  const words = useWords();
  const formId = useId();
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const answer = await client.call('session.signIn', { user: session.user, password });
    setBusy(false);
    if (answer.ok) viewActs.closeOverlay();
    else setFailure(words.error(answer.error));
  }
  return (
    <Dialog
      open
      onClose={viewActs.closeOverlay}
      width="sm"
      title={t('shell.trouble.signInAgain')}
      description={t('signIn.needsPassword', { name: session.personName })}
      actions={
        <>
          <Button onClick={viewActs.closeOverlay}>{t('common.cancel')}</Button>
          <Button type="submit" form={formId} tone="primary" busy={busy} disabled={password === ''}>
            {t('signIn.submit')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)}>
        <Field label={t('signIn.password')} error={failure}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              aria-invalid={failure !== null}
              aria-describedby={describedBy}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
