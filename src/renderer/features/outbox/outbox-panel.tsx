import { ShieldCheck } from 'lucide-react';
import type { Connection, OutboxItem } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useFormat, useNow } from '../../lib/use-format.ts';
import { SupportButton } from '../support/index.ts';
import { FilesOnTheirWay } from './files-on-their-way.tsx';
import { OutboxRow } from './outbox-row.tsx';

const isWaiting = ({ state }: OutboxItem): boolean =>
  state === 'waiting' || state === 'sending' || state === 'doubtful' || state === 'held';

/** What waits to be sent, and what the desk answered to what was sent, with its content. */
export function OutboxPanel({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const { data } = useQuery('outbox.list', {}, ['outbox', 'session']);
  const onTheirWay = useQuery('attachments.onTheirWay', {}, ['attachments', 'outbox', 'session']).data?.files ?? [];
  const format = useFormat();
  const { uploads } = connection;
  const items = data?.items ?? [];
  const waiting = items.filter(isWaiting);
  const settled = items.filter((item) => !isWaiting(item) && item.state !== 'applied');
  // One whose act stands here, merged or in conflict, is told of beside that.
  const told = new Set(settled.map(({ commandId }) => commandId));
  const files = onTheirWay.filter(({ commandId }) => !told.has(commandId));
  return (
    <section aria-label={t('shell.actions.outbox')} className="flex max-h-[min(640px,78vh)] flex-col">
      <header className="flex items-start gap-3 px-4 pt-3.5 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-bold text-md">
            {waiting.length > 0
              ? t('outbox.title', { n: waiting.length })
              : uploads.waiting > 0
                ? t('attachments.outbox.title', { n: uploads.waiting })
                : t('outbox.nothing')}
          </h2>
          <p className="mt-0.5 flex gap-1.5 text-text-2 text-xs">
            <ShieldCheck className="mt-px size-3.5 shrink-0 text-green" />
            <span>
              {waiting.length === 0 && uploads.waiting === 0
                ? t('outbox.nothingBody')
                : connection.state === 'online'
                  ? t('outbox.safe')
                  : t('outbox.safeOffline')}{' '}
              {uploads.waiting > 0 && (
                <>{t('attachments.outbox.waiting', { count: uploads.waiting, size: format.bytes(uploads.bytes) })} </>
              )}
              <NextAttempt connection={connection} />
            </span>
          </p>
        </div>
        <RetryNow connection={connection} />
      </header>
      <div className="min-h-0 overflow-y-auto border-line border-t empty:border-0">
        {settled.length > 0 && (
          <Section title={waiting.length > 0 ? t('outbox.settledSection') : null} items={settled} />
        )}
        {waiting.length > 0 && (
          <Section title={settled.length > 0 ? t('outbox.waitingSection') : null} items={waiting} />
        )}
        {files.length > 0 && <FilesOnTheirWay files={files} connection={connection} />}
      </div>
      <footer className="flex items-center gap-3 border-line border-t py-1.5 pr-2 pl-4">
        <p className="min-w-0 flex-1 text-text-3 text-xs">{t('outbox.trouble')}</p>
        <SupportButton />
      </footer>
    </section>
  );
}

function Section({ title, items }: { readonly title: string | null; readonly items: readonly OutboxItem[] }) {
  return (
    <>
      {title !== null && <h3 className="px-4 pt-3 pb-1 text-2xs text-text-3">{title}</h3>}
      <ul>
        {items.map((item) => (
          <OutboxRow key={item.commandId} item={item} />
        ))}
      </ul>
    </>
  );
}

function NextAttempt({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  if (connection.state !== 'offline' || connection.nextAttemptAt === null) return null;
  const seconds = Math.ceil((connection.nextAttemptAt - now) / 1_000);
  return <>{seconds > 0 ? t('outbox.nextIn', { seconds }) : t('outbox.trying')}</>;
}

function RetryNow({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const { client } = useConsole();
  if (connection.state !== 'offline') return null;
  return (
    <Button size="sm" onClick={() => void client.call('connection.retryNow', {})}>
      {t('outbox.retryNow')}
    </Button>
  );
}
