import { ExternalLink } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { Asset } from '../../../domain/directory.ts';
import { toolsOf } from '../../../domain/remote-launch.ts';
import { type RemoteTool, remoteTools } from '../../../domain/vocabulary.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { newRequestId } from '../../client/use-act.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { SearchPicker } from '../../components/search-picker.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { ticketUi } from '../../state/ticket-ui.ts';
import { ActDialog } from '../dialogs/act-dialog.tsx';
import { assetHit, useAssets } from '../dialogs/person-hits.tsx';
import { useTicketWords } from '../ticket/ticket-context.tsx';

const consents = ['verbal', 'written', 'unattended'] as const;
type Consent = (typeof consents)[number];

/** Tool and device, the user's consent, and exactly what will be started: nothing is launched before it is read. */
export function RemoteDialog() {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { view, code } = useTicketWords();
  const { ticket } = view;
  const words = useWords();
  const [asset, setAsset] = useState<Asset | null>(view.asset);
  const [chosenTool, setTool] = useState<RemoteTool | null>(null);
  const [consent, setConsent] = useState<Consent>('verbal');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const toolName = useId();
  const consentName = useId();
  const intent = useRef({ key: '', requestId: newRequestId() });

  const tools = asset === null ? [] : toolsOf(asset, remoteTools);
  const tool = chosenTool !== null && tools.includes(chosenTool) ? chosenTool : (tools[0] ?? null);
  const preview = useQuery(
    'remote.preview',
    asset === null || tool === null ? null : { ticketId: ticket.id, tool, assetId: asset.id },
    ['directory'],
  );
  const launch = async () => {
    if (busy || asset === null || tool === null || preview.data === undefined) return;
    const key = `${tool} ${asset.id} ${consent}`;
    if (intent.current.key !== key) intent.current = { key, requestId: newRequestId() };
    setBusy(true);
    const answer = await client.call('remote.launch', {
      requestId: intent.current.requestId,
      ticketId: ticket.id,
      tool,
      assetId: asset.id,
      consent,
    });
    setBusy(false);
    if (!answer.ok) setError(words.error(answer.error));
    else if (!answer.value.ok) setError(words.refusal(answer.value.refusal, view.names));
    else {
      ticketUi.closeDialog();
      const said = { tool: t(`tool.${tool}`) };
      if (answer.value.launched) toast('good', t('remote.launched', said));
      else toast('bad', t('remote.notLaunched', said));
    }
  };
  return (
    <ActDialog
      title={t('remote.title', { code })}
      subtitle={t('remote.subtitle')}
      submitLabel={tool === null ? t('dialogs.act.remote') : t('remote.launch', { tool: t(`tool.${tool}`) })}
      submission={{ busy, error, fail: setError, send: async () => false }}
      disabled={preview.data === undefined}
      onSubmit={() => void launch()}
    >
      {asset === null ? (
        <DevicePicker onPick={setAsset} />
      ) : (
        <>
          <Field label={t('remote.device')}>
            {() => (
              <div className="flex items-center gap-2 rounded-md border border-line bg-field px-2.5 py-1.5">
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-mono text-sm">{asset.hostName ?? asset.tag}</span>
                  <span className="block truncate text-text-3 text-xs">
                    {[asset.hostName === null ? null : asset.tag, asset.ip, asset.model].filter(Boolean).join(' · ')}
                  </span>
                </span>
                <Button size="sm" tone="ghost" onClick={() => setAsset(null)}>
                  {t('entry.change')}
                </Button>
              </div>
            )}
          </Field>
          {tools.length === 0 ? (
            <p className="text-amber text-sm">{t('remote.noTools')}</p>
          ) : (
            <>
              <Field label={t('remote.tool')}>
                {() => (
                  <Segmented
                    name={toolName}
                    autoFocus
                    className="flex-wrap"
                    label={t('remote.tool')}
                    value={tool}
                    onChange={setTool}
                    options={tools.map((value) => ({ value, label: t(`tool.${value}`) }))}
                  />
                )}
              </Field>
              <Field label={t('remote.consent')}>
                {() => (
                  <Segmented
                    name={consentName}
                    label={t('remote.consent')}
                    value={consent}
                    onChange={setConsent}
                    options={consents.map((value) => ({ value, label: t(`remote.consents.${value}`) }))}
                  />
                )}
              </Field>
              <div data-remote-preview="" className="rounded-md border border-line border-dashed px-3 py-2 text-sm">
                <p className="text-text-3 text-xs">{t('remote.preview')}</p>
                {preview.data !== undefined ? (
                  <>
                    <p className="flex items-center gap-1.5 break-all font-mono text-text-1">
                      <ExternalLink aria-hidden="true" className="size-3.5 shrink-0 text-text-3" />
                      {preview.data.target}
                    </p>
                    <p className="text-text-2 text-xs">
                      {t('remote.of', { device: preview.data.deviceLabel, person: preview.data.personName })}
                    </p>
                  </>
                ) : (
                  <p className={preview.error === null ? 'text-text-3' : 'text-amber'}>
                    {preview.error === null ? t('remote.previewLoading') : words.error(preview.error)}
                  </p>
                )}
              </div>
            </>
          )}
        </>
      )}
    </ActDialog>
  );
}

function DevicePicker({ onPick }: { readonly onPick: (asset: Asset) => void }) {
  const { t } = useTranslation();
  const { view } = useTicketWords();
  const [text, setText] = useState('');
  const { requester } = view.ticket;
  const personId = 'personId' in requester ? requester.personId : null;
  const own = useQuery('people.caller', personId === null ? null : { personId }, ['directory']).data?.devices ?? [];
  const found = useAssets(text);
  const shown = text.trim() === '' ? own : found;
  return (
    <Field label={t('remote.device')} hint={view.asset === null ? t('remote.noDevice') : undefined}>
      {({ id, describedBy }) => (
        <SearchPicker
          id={id}
          describedBy={describedBy}
          autoFocus
          className="min-h-40"
          label={t('remote.device')}
          placeholder={t('remote.devicePlaceholder')}
          text={text}
          onText={setText}
          hits={shown.map(assetHit)}
          pickedId={null}
          onPick={(picked) => {
            const asset = shown.find((each) => each.id === picked);
            if (asset !== undefined) onPick(asset);
          }}
          empty={text.trim() === '' ? t('entry.caller.noDevices') : t('dialogs.noMatch')}
        />
      )}
    </Field>
  );
}
