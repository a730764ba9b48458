import { z } from 'zod';
import { defaultDeskSettings, deskSettingsSchema } from '../domain/desk-settings.ts';

/** The desk's settings with those that only the store needs. */
export const storeDeskSettingsSchema = deskSettingsSchema.extend({
  /** Days that closed tickets stay with the consoles, from the store's time of closing; null: for ever. */
  closedWindowDays: z.int().min(1).nullable(),
  /** Days that a console may go on reading with no contact. */
  offlineDays: z.int().min(1),
});
export type StoreDeskSettings = z.infer<typeof storeDeskSettingsSchema>;

export const defaultStoreDeskSettings: StoreDeskSettings = {
  ...defaultDeskSettings,
  closedWindowDays: 90,
  offlineDays: 30,
};

/** Read for every request, and changed about never. */
const parsed = new Map<string, StoreDeskSettings>();
const PARSED_AT_MOST = 64;

export function parseDeskSettings(text: string): StoreDeskSettings {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const settings = storeDeskSettingsSchema.parse(JSON.parse(text));
  if (parsed.size >= PARSED_AT_MOST) parsed.clear();
  parsed.set(text, settings);
  return settings;
}
