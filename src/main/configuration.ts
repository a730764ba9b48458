import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../shared/result.ts';
import { updateKey } from './update-signature.ts';
import { feedAddress } from './updater.ts';

/** What an organisation's installer leaves beside the program or in the person's folder. */
const settingsSchema = z.strictObject({
  storeUrl: z.string().optional(),
  dataDir: z.string().optional(),
  updateFeed: z.string().optional(),
  updateKey: z.string().optional(),
});

export interface Configuration {
  readonly storeUrl: string;
  readonly dataDir: string;
  readonly updateFeed: string | null;
  /** Whose updates are taken; null: nobody's, though a feed be set. */
  readonly updateKey: KeyObject | null;
}

/**
 * Environment first, then the settings file. The error is one sentence that names the setting.
 *
 * @param userDir the system's folder for this program's data.
 */
export function readConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  userDir: string,
  read: (path: string) => string | null = readOrNull,
): Result<Configuration, string> {
  const path = join(userDir, 'settings.json');
  const text = read(path);
  const parsed = settingsSchema.safeParse(text === null ? {} : parseJson(text));
  if (!parsed.success)
    return err(`${path} cannot be read: ${parsed.error.issues[0]?.path.join('.') || 'it is no JSON object'}`);
  const storeUrl = storeAddress(env['CHASQUI_STORE_URL'] ?? parsed.data.storeUrl);
  if (storeUrl === null) {
    return err(
      `no ticket store is set: give its http or https address as storeUrl in ${path}, or as CHASQUI_STORE_URL`,
    );
  }
  const feed = parsed.data.updateFeed ?? null;
  if (feed !== null && feedAddress(feed) === null) return err(`updateFeed in ${path} must be an https address`);
  const given = parsed.data.updateKey;
  const key = given === undefined ? null : updateKey(given);
  if (given !== undefined && key === null)
    return err(`updateKey in ${path} must be an Ed25519 public key, SPKI in base64`);
  return ok({
    storeUrl,
    dataDir: env['CHASQUI_DATA_DIR'] ?? parsed.data.dataDir ?? userDir,
    updateFeed: feedAddress(feed),
    updateKey: key,
  });
}

function storeAddress(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href.replace(/\/$/, '') : null;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
