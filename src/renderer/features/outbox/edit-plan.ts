import { type CommandPayloads, type CommandType, commandSchemas, isCommandType } from '../../../domain/commands.ts';
import type { OutboxItem } from '../../../protocol/console/rows.ts';
import { toZoneInput } from '../../lib/zone-input.ts';
import type { NoteKind, TicketDialogKind } from '../../state/ticket-ui.ts';
import type { DraftKind } from '../drafts/index.ts';

type DraftContent = Readonly<Record<string, string | boolean | null>>;

/** Where the content of an act is edited before it is done again. */
export type EditPlan =
  /** A form that keeps a draft: the content becomes the draft. `text`: its one field of free text, to join with what is there. */
  | {
      readonly where: 'draft';
      readonly kind: DraftKind;
      readonly content: DraftContent;
      readonly text: string | null;
      readonly opens: { readonly dialog: TicketDialogKind } | { readonly note: NoteKind };
    }
  /** A form that only chooses: it opens with what was chosen. */
  | { readonly where: 'dialog'; readonly dialog: TicketDialogKind }
  /** A field that is edited where it stands. */
  | { readonly where: 'field'; readonly field: 'subject' | 'description'; readonly text: string }
  | { readonly where: 'details' }
  | { readonly where: 'entry'; readonly payload: CommandPayloads['register'] };

type Planners = { readonly [T in CommandType]?: (payload: CommandPayloads[T], timeZone: string) => EditPlan | null };

const oneText = (kind: DraftKind & TicketDialogKind, text: string): EditPlan => ({
  where: 'draft',
  kind,
  content: { text },
  text,
  opens: { dialog: kind },
});
const chosen = (dialog: TicketDialogKind) => (): EditPlan => ({ where: 'dialog', dialog });

/** Acts that are a press of a button have nothing to edit and stay out. */
const planners: Planners = {
  register: (payload) => ({ where: 'entry', payload }),
  addNote: ({ visibility, text }) => ({
    where: 'draft',
    kind: visibility,
    content: { text },
    text,
    opens: { note: visibility },
  }),
  resolve: ({ solution }) => oneText('resolve', solution),
  reopen: ({ reason }) => oneText('reopen', reason),
  cancel: ({ reason }) => oneText('cancel', reason),
  return: ({ reason, toTeamId }) => ({
    where: 'draft',
    kind: 'return',
    content: { text: reason, toTeamId },
    text: reason,
    opens: { dialog: 'return' },
  }),
  escalate: ({ toTeamId, toPersonId, sheet }) => ({
    where: 'draft',
    kind: 'escalate',
    content: { toTeamId, toPersonId, ...sheet },
    text: null,
    opens: { dialog: 'escalate' },
  }),
  transfer: ({ toTeamId, toPersonId, reason }) => ({
    where: 'draft',
    kind: 'transfer',
    content: { toTeamId, toPersonId, text: reason },
    text: null,
    opens: { dialog: 'transfer' },
  }),
  assign: ({ toPersonId }) => ({
    where: 'draft',
    kind: 'assign',
    content: { toPersonId, nobody: false, text: '' },
    text: null,
    opens: { dialog: 'assign' },
  }),
  reassign: ({ toPersonId, reason }) => ({
    where: 'draft',
    kind: 'assign',
    content: { toPersonId, nobody: toPersonId === null, text: reason },
    text: null,
    opens: { dialog: 'assign' },
  }),
  endRemoteSession: ({ outcome, note }) => ({
    where: 'draft',
    kind: 'remoteEnd',
    content: { outcome, text: note },
    text: null,
    opens: { dialog: 'endRemote' },
  }),
  recordVisit: ({ arrivedAt, leftAt, text }, timeZone) => ({
    where: 'draft',
    kind: 'visit',
    content: {
      arrived: toZoneInput(arrivedAt, timeZone),
      left: leftAt === null ? '' : toZoneInput(leftAt, timeZone),
      text,
    },
    text: null,
    opens: { dialog: 'visit' },
  }),
  editFields: ({ changes }) =>
    changes.subject !== undefined
      ? { where: 'field', field: 'subject', text: changes.subject.to }
      : changes.description !== undefined
        ? { where: 'field', field: 'description', text: changes.description.to }
        : { where: 'details' },
  undoSplit: ({ reason }) => oneText('undoSplit', reason),
  merge: chosen('merge'),
  unmerge: chosen('unmerge'),
  changeStatus: chosen('status'),
  reclassify: chosen('reclassify'),
  changeMode: chosen('mode'),
  setAsset: chosen('asset'),
  setVendorCase: chosen('vendorCase'),
  linkProblem: chosen('problem'),
  linkRequester: chosen('linkRequester'),
};

function planOf<T extends CommandType>(type: T, payload: unknown, timeZone: string): EditPlan | null {
  const parsed = commandSchemas[type].safeParse(payload);
  const planner = planners[type];
  // The schema under the type's name gives that type's payload.
  return parsed.success && planner !== undefined ? planner(parsed.data as CommandPayloads[T], timeZone) : null;
}

/** How this act is edited; null where there is nothing to edit, or its content is of another version. */
export const editPlan = ({ type, payload }: Pick<OutboxItem, 'type' | 'payload'>, timeZone: string): EditPlan | null =>
  isCommandType(type) ? planOf(type, payload, timeZone) : null;
