import { HardDrive, Send, ServerCog, WifiOff } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { ConsoleResult } from '../../../protocol/console/methods.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useQuery } from '../../client/use-query.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Logo } from '../../components/logo.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { viewActs } from '../../state/view-store.ts';
import { SupportButton } from '../support/index.ts';
import { Farewell } from './farewell.tsx';
import { TrialAccounts } from './trial-accounts.tsx';
import { Unopened } from './unopened.tsx';

type Status = ConsoleResult<'session.get'>;

/** Who works at this console: a form, the people of this computer, and on a trial store its accounts. */
export function SignIn({ status }: { readonly status: Status }) {
  const { t } = useTranslation();
  const { client, cache } = useConsole();
  const words = useWords();
  const trial = useQuery('session.trialAccounts', {}, ['session', 'connection']).data?.accounts ?? [];
  const connection = useQuery('connection.get', {}, ['connection', 'session']).data;
  const [user, setUser] = useState(status.session?.user ?? status.profiles[0]?.user ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const failureId = useId();

  async function enter(name: string, secret: string): Promise<void> {
    if (busy !== null) return;
    setBusy(name);
    setFailure(null);
    // Before, not after: by the time of the answer the shell may stand already, with this person's own view.
    viewActs.reset();
    const answer = await client.call('session.signIn', { user: name, password: secret });
    setBusy(null);
    if (answer.ok) {
      cache.renew();
      return;
    }
    setFailure(words.error(answer.error));
    passwordField.current?.select();
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(user.trim(), password);
  };

  return (
    <main className="flex h-full overflow-y-auto">
      <div className="m-auto flex w-full max-w-[940px] items-start justify-center gap-14 px-8 py-12">
        <section className="w-[340px] shrink-0">
          <div className="flex items-center gap-3">
            <Logo size={34} />
            <span className="font-bold text-lg tracking-[-0.015em]">Chasqui</span>
          </div>
          <div className="mt-8">
            <Farewell />
            {status.unopened.length > 0 && <Unopened profiles={status.unopened} />}
          </div>
          <h1 className="font-bold text-xl">{t('signIn.title')}</h1>
          {status.needsPassword && status.session !== null && (
            <p className="mt-1 text-sm text-text-2">{t('signIn.needsPassword', { name: status.session.personName })}</p>
          )}
          <form onSubmit={submit} className="mt-6 flex flex-col gap-4">
            <Field label={t('signIn.user')}>
              {({ id }) => (
                <Input
                  id={id}
                  name="user"
                  autoComplete="username"
                  value={user}
                  onChange={(event) => setUser(event.target.value)}
                  autoFocus={user === ''}
                />
              )}
            </Field>
            <Field label={t('signIn.password')}>
              {({ id }) => (
                <Input
                  id={id}
                  ref={passwordField}
                  type="password"
                  name="password"
                  autoComplete="current-password"
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                  autoFocus={user !== ''}
                  aria-invalid={failure !== null}
                  aria-describedby={failure === null ? undefined : failureId}
                />
              )}
            </Field>
            {failure !== null && (
              <p id={failureId} role="alert" className="rounded-md bg-red-wash px-3 py-2 text-sm text-red">
                {failure}
              </p>
            )}
            <Button
              type="submit"
              tone="primary"
              className="h-9"
              busy={busy !== null}
              disabled={user.trim() === '' || password === ''}
            >
              {busy === null ? t('signIn.submit') : t('signIn.submitting')}
            </Button>
          </form>
          {connection?.state === 'offline' && (
            <p className="mt-4 flex gap-2 rounded-md bg-amber-wash px-3 py-2 text-sm">
              <WifiOff className="mt-0.5 size-4 shrink-0 text-amber" />
              {t('signIn.offline')}
            </p>
          )}
          <div className="mt-6 flex flex-col gap-1.5 text-text-3 text-xs">
            <p className="flex items-center gap-2">
              <ServerCog className="size-3.5" />
              {t('signIn.store', { url: status.storeUrl })}
            </p>
            <p className="flex items-center gap-2">
              <HardDrive className="size-3.5" />
              {t('signIn.diskNote')}
            </p>
            <div className="mt-1.5 -ml-2">
              <SupportButton />
            </div>
          </div>
        </section>
        {(status.profiles.length > 0 || trial.length > 0) && (
          <aside className="flex w-[430px] min-w-0 flex-col gap-8 border-line border-l pl-14">
            {status.profiles.length > 0 && (
              <Profiles
                profiles={status.profiles}
                onChoose={(name) => {
                  setUser(name);
                  passwordField.current?.focus();
                }}
              />
            )}
            {trial.length > 0 && (
              <TrialAccounts
                accounts={trial}
                busy={busy}
                onChoose={(account) => void enter(account.user, account.password)}
              />
            )}
          </aside>
        )}
      </div>
    </main>
  );
}

function Profiles({
  profiles,
  onChoose,
}: {
  readonly profiles: Status['profiles'];
  readonly onChoose: (user: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <h2 className="font-semibold text-sm">{t('signIn.profiles')}</h2>
      <ul className="mt-2 flex flex-col">
        {profiles.map((profile) => (
          <li key={profile.id}>
            <button
              type="button"
              onClick={() => onChoose(profile.user)}
              className="-mx-2 flex w-[calc(100%+16px)] items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover"
            >
              <Avatar name={profile.personName} size={26} />
              <span className="min-w-0 flex-1 truncate text-sm">
                {profile.pendingActs === 0
                  ? t('signIn.drained', { name: profile.personName })
                  : profile.pendingActs === 1
                    ? t('signIn.pendingOne', { name: profile.personName })
                    : t('signIn.pending', { name: profile.personName, n: profile.pendingActs })}
              </span>
              {profile.pendingActs > 0 && <Send className="size-3.5 text-amber" />}
            </button>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 text-text-3 text-xs">{t('signIn.profilesHint')}</p>
    </section>
  );
}
