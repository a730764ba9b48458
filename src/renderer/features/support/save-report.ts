import i18next from 'i18next';
import { create } from 'zustand';
import type { ConsoleClient } from '../../../protocol/console/client.ts';
import { toast } from '../../components/toast.tsx';
import { saveBlob } from '../attachments/index.ts';
import { makeReport, type SupportReport } from './make-report.ts';
import { reportName, reportToText } from './report-text.ts';

interface Shown {
  readonly report: SupportReport;
  readonly text: string;
  readonly name: string;
}
/** The report that is being read; null: none. */
export const useShownReport = create<{ readonly shown: Shown | null; readonly busy: boolean }>(() => ({
  shown: null,
  busy: false,
}));

export const closeReport = (): void => useShownReport.setState({ shown: null });
export const saveAgain = ({ text, name }: Shown): void => saveBlob(new Blob([text]), name);

/** The one click: makes the report, hands it to the browser to be saved, and offers to read what is in it. */
export async function saveReport(client: ConsoleClient): Promise<void> {
  if (useShownReport.getState().busy) return;
  useShownReport.setState({ busy: true });
  try {
    const at = new Date();
    const report = await makeReport(client, at);
    const shown = { report, text: reportToText(report), name: reportName(i18next.t('support.fileName'), at) };
    saveAgain(shown);
    toast('good', i18next.t('support.saved'), {
      detail: i18next.t('support.savedDetail'),
      action: { label: i18next.t('support.look'), run: () => useShownReport.setState({ shown }) },
    });
  } finally {
    useShownReport.setState({ busy: false });
  }
}
