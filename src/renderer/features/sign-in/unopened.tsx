import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { UnopenedProfile } from '../../../protocol/console/methods.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';

/** Whose work on this computer the disk refused to open, why, and another try: without it an empty sign-in looks like lost work. */
export function Unopened({ profiles }: { readonly profiles: readonly UnopenedProfile[] }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);

  async function again(): Promise<void> {
    setBusy(true);
    setSaid(null);
    const answer = await client.call('session.openAgain', {});
    setBusy(false);
    // Where it went well this panel is gone by the news of the session; if it stands, it did not.
    setSaid(answer.ok ? t('signIn.unopened.still') : words.error(answer.error));
  }

  return (
    <section
      role="alert"
      className="mb-6 flex flex-col gap-3 rounded-lg border border-amber/40 bg-amber-wash px-3.5 py-3 text-sm"
    >
      {profiles.map(({ user, code }) => (
        <div key={user}>
          <h2 className="flex items-start gap-2 font-semibold">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-amber" />
            {t('signIn.unopened.title', { user })}
          </h2>
          <p className="mt-1.5 text-pretty">{t(`signIn.unopened.${code}`)}</p>
        </div>
      ))}
      <div className="flex items-center gap-3">
        <Button size="sm" busy={busy} onClick={() => void again()}>
          {t(busy ? 'signIn.unopened.retrying' : 'signIn.unopened.retry')}
        </Button>
        {said !== null && <span className="text-text-2 text-xs">{said}</span>}
      </div>
    </section>
  );
}
