import { z } from 'zod';
import { attachmentSettingsSchema, defaultAttachmentSettings } from './attachments.ts';

/** What a desk may configure and both sides need. The directive sets none of it: these are defaults, never the norm. */
export const deskSettingsSchema = z.object({
  /** Prefix of official numbers: MDS. */
  numberPrefix: z.string().regex(/^[A-Z]{2,6}$/),
  /** IANA name of the desk's zone: "today" and the year in a number are its own. */
  timeZone: z.string(),
  reopenWindowDays: z.int().min(0),
  /** Servers of self-hosted remote tools; null: the tool's public service, or none. */
  remote: z.object({
    rustdesk: z.object({ server: z.string(), key: z.string() }).nullable(),
    meshcentral: z.object({ server: z.string() }).nullable(),
  }),
  /** Settings kept before there were attachments have none. */
  attachments: attachmentSettingsSchema.default(defaultAttachmentSettings),
});
export type DeskSettings = z.infer<typeof deskSettingsSchema>;

export const defaultDeskSettings: DeskSettings = {
  numberPrefix: 'MDS',
  timeZone: 'America/Lima',
  reopenWindowDays: 30,
  remote: { rustdesk: null, meshcentral: null },
  attachments: defaultAttachmentSettings,
};
