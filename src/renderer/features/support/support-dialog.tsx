import { Activity, FileText, HardDrive, Monitor, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import type { SupportReport } from './make-report.ts';
import { closeReport, saveAgain, useShownReport } from './save-report.ts';

/** All that is in a report that was saved, for whoever wants to read it before handing it over. */
export function SupportDialog() {
  const { t } = useTranslation();
  const shown = useShownReport((state) => state.shown);
  return (
    <Dialog
      open={shown !== null}
      onClose={closeReport}
      width="lg"
      title={t('support.title')}
      description={t('support.about')}
      footnote={shown !== null && <span className="font-mono">{shown.name}</span>}
      actions={
        shown !== null && (
          <>
            <Button onClick={() => saveAgain(shown)}>{t('support.saveAgain')}</Button>
            <Button tone="primary" onClick={closeReport}>
              {t('common.close')}
            </Button>
          </>
        )
      }
    >
      {shown !== null && (
        <>
          <Parts report={shown.report} />
          <p className="mt-4 flex gap-2 rounded-md bg-green-wash px-3 py-2 text-sm">
            <ShieldCheck className="mt-0.5 size-4 shrink-0 text-green" />
            {t('support.without')}
          </p>
          <h3 className="mt-5 mb-1.5 text-2xs text-text-3">{t('support.whole')}</h3>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard, or its end is out of reach.
            tabIndex={0}
            data-testid="support-text"
            className="max-h-[38vh] overflow-y-auto whitespace-pre-wrap break-words rounded-md border border-line bg-app px-3 py-2.5 font-mono text-2xs text-text-2 leading-[1.65]"
          >
            {shown.text}
          </pre>
        </>
      )}
    </Dialog>
  );
}

function Parts({ report: { states, files, host } }: { readonly report: SupportReport }) {
  const { t } = useTranslation();
  const missing = (code: string) => t('support.missing', { code });
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-3">
      <PartLine icon={<Activity />} title={t('support.parts.sync')}>
        {states.ok ? t('support.parts.syncBody', { count: states.told.profiles.length }) : missing(states.code)}
      </PartLine>
      <PartLine icon={<HardDrive />} title={t('support.parts.files')}>
        {files.ok ? t('support.parts.filesBody') : missing(files.code)}
      </PartLine>
      <PartLine icon={<FileText />} title={t('support.parts.logs')}>
        {files.ok
          ? t('support.parts.logsBody', { count: files.told.logs.reduce((sum, { lines }) => sum + lines.length, 0) })
          : missing(files.code)}
      </PartLine>
      <PartLine icon={<Monitor />} title={t('support.parts.machine')}>
        {host.ok ? t('support.parts.machineBody', { version: host.told.version }) : missing(host.code)}
      </PartLine>
    </dl>
  );
}

function PartLine({
  icon,
  title,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex gap-2.5 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-text-3">
      {icon}
      <div className="min-w-0">
        <dt className="font-semibold text-sm">{title}</dt>
        <dd className="text-text-2 text-xs">{children}</dd>
      </div>
    </div>
  );
}
