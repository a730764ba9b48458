import { type FormEvent, useId, useState } from 'react';
import { useConsole } from '../../client/console-provider.tsx';
import { useLinkState, useSession } from '../../client/use-session.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { useView, viewActs } from '../../state/view-store.ts';

const SHORTEST = 10;

export function PasswordDialog() {
  const open = useView((state) => state.overlay === 'password');
  return open ? <OpenPasswordDialog /> : null;
}

function OpenPasswordDialog() {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const offline = useLinkState() === 'offline';
  const { mustChangePassword } = useSession();
  const formId = useId();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const short = next !== '' && next.length < SHORTEST;
  const differ = again !== '' && again !== next;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (next.length < SHORTEST || again !== next) return;
    setBusy(true);
    const answer = await client.call('session.changePassword', { current, next });
    setBusy(false);
    if (!answer.ok) return setFailure(words.error(answer.error));
    toast('good', t('preferences.password.done'));
    viewActs.closeOverlay();
  }

  return (
    <Dialog
      open
      onClose={viewActs.closeOverlay}
      width="sm"
      title={t('preferences.password.title')}
      {...(mustChangePassword ? { description: t('signIn.mustChange') } : {})}
      footnote={offline ? t('preferences.password.offline') : undefined}
      actions={
        <>
          <Button onClick={viewActs.closeOverlay}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            busy={busy}
            disabled={current === '' || next.length < SHORTEST || again !== next}
          >
            {t('preferences.password.submit')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('preferences.password.current')} error={failure}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
              aria-invalid={failure !== null}
              autoFocus
            />
          )}
        </Field>
        <Field
          label={t('preferences.password.next')}
          hint={short ? t('preferences.password.short', { n: SHORTEST - next.length }) : t('preferences.password.hint')}
        >
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              type="password"
              autoComplete="new-password"
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('preferences.password.again')} error={differ ? t('preferences.password.differ') : undefined}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              type="password"
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.target.value)}
              aria-invalid={differ}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
