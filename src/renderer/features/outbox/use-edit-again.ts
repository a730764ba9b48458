import type { ConsoleClient } from '../../../protocol/console/client.ts';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { useSession } from '../../client/use-session.ts';
import { toast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { ticketUi } from '../../state/ticket-ui.ts';
import { viewActs } from '../../state/view-store.ts';
import { wordsOfDraft } from '../drafts/draft-text.ts';
import { ENTRY_DRAFT_KEY, ticketDraftKey } from '../drafts/index.ts';
import { type EntryForm, entryFormOf } from '../quick-entry/entry-form.ts';
import { type EditPlan, editPlan } from './edit-plan.ts';

type DraftPlan = Extract<EditPlan, { where: 'draft' }>;

/** Opens the form of an act that was not applied, with its content in it; null where there is nothing to edit. */
export function useEditAgain(item: OutboxItem): (() => Promise<void>) | null {
  const { t } = useTranslation();
  const { client } = useConsole();
  const { timeZone } = useSession().settings;
  const plan = editPlan(item, timeZone);
  if (plan === null) return null;
  const { commandId, ticketId, type, payload } = item;
  return async () => {
    viewActs.showOutbox(false);
    ticketUi.edit({ commandId, ticketId, type, payload });
    switch (plan.where) {
      case 'entry': {
        const other = await storedWords(client, ENTRY_DRAFT_KEY);
        // A call that is being written down now comes first; this one stays where it is.
        const kept =
          other.words === '' && (await keepEntry(client, await entryOf(client, plan.payload), other.seenVersion));
        if (!kept) toast('info', t('outbox.entryBusy'));
        viewActs.open('quickEntry');
        return;
      }
      case 'draft': {
        const kept = await keepDraft(client, plan, ticketId);
        if (!kept) toast('info', t('outbox.draftBusy'));
        ticketUi.draftChanged();
        viewActs.openTicket(ticketId);
        if ('note' in plan.opens) ticketUi.write(plan.opens.note);
        else ticketUi.openDialog(plan.opens.dialog, ticketId);
        return;
      }
      case 'dialog':
        viewActs.openTicket(ticketId);
        ticketUi.openDialog(plan.dialog, ticketId);
        return;
      case 'field':
        viewActs.openTicket(ticketId);
        if (plan.field === 'description') ticketUi.showDetails();
        ticketUi.editField({ ticketId, field: plan.field, text: plan.text });
        return;
      case 'details':
        viewActs.openTicket(ticketId);
        ticketUi.showDetails();
    }
  };
}

interface StoredWords {
  readonly words: string;
  readonly seenVersion: number;
}

async function storedWords(client: ConsoleClient, key: string): Promise<StoredWords> {
  const answer = await client.call('drafts.get', { key });
  const draft = answer.ok ? answer.value.draft : null;
  return draft === null
    ? { words: '', seenVersion: 0 }
    : { words: wordsOfDraft(draft.content), seenVersion: draft.version };
}

/**
 * A text joins what is half-written there already; a form that is half-filled, or that another window writes at this moment, stays
 * as it is: false.
 */
async function keepDraft(client: ConsoleClient, plan: DraftPlan, ticketId: string): Promise<boolean> {
  const key = ticketDraftKey(plan.kind, ticketId);
  const { words: before, seenVersion } = await storedWords(client, key);
  if (before !== '' && plan.text === null) return false;
  const content =
    before === '' || plan.text === null || before.includes(plan.text.trim())
      ? before === ''
        ? plan.content
        : { ...plan.content, text: before }
      : { ...plan.content, text: `${before}\n\n${plan.text}` };
  const kept = await client.call('drafts.save', { key, ticketId, content, seenVersion });
  return kept.ok && kept.value.saved;
}

async function keepEntry(client: ConsoleClient, form: EntryForm, seenVersion: number): Promise<boolean> {
  const content = JSON.parse(JSON.stringify(form));
  const kept = await client.call('drafts.save', { key: ENTRY_DRAFT_KEY, ticketId: null, content, seenVersion });
  return kept.ok && kept.value.saved;
}

async function entryOf(
  client: ConsoleClient,
  payload: Extract<EditPlan, { where: 'entry' }>['payload'],
): Promise<EntryForm> {
  const { requester } = payload;
  const known = 'personId' in requester ? await client.call('people.caller', { personId: requester.personId }) : null;
  return entryFormOf(payload, known?.ok ? (known.value?.person ?? null) : null);
}
