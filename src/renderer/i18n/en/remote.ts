import type { remote as es } from '../es/remote.ts';
import type { Words } from '../language.ts';

/** Remote session from the ticket. */
export const remote: Words<typeof es> = {
  title: 'Remote session on {{code}}',
  subtitle: 'It is in the history before the tool opens.',
  tool: 'Tool',
  device: 'Device',
  devicePlaceholder: 'Search by tag, name or address',
  noDevice: 'This ticket has no device: choose one.',
  noTools: 'This device has no address in any remote tool. Choose another, or ask for it to be added to the inventory.',
  consent: 'Consent of the requester',
  consents: { verbal: 'Spoken', written: 'Written', unattended: 'Unattended device' },
  preview: 'This will open',
  previewLoading: 'Preparing…',
  of: '{{device}} · {{person}}',
  launch: 'Open {{tool}}',
  launched: '{{tool}} was opened. Write the outcome when you finish.',
  notLaunched: '{{tool}} could not be opened. End the session as “Did not connect”, or open it by hand.',
  running: 'Remote session with {{tool}}',
  runningBy: 'Remote session of {{person}} with {{tool}}',
  end: 'End',
  endTitle: 'End remote session',
  endSubtitle: '{{tool}} · {{target}} · {{duration}}',
  outcome: 'Outcome',
  chooseOutcome: 'Choose how the session ended.',
  note: 'What was done',
  notePlaceholder: 'What you saw and changed on the device',
  submitEnd: 'End session',
  ended: 'Remote session ended',
};
