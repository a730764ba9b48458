import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';

/** What this program reads of a feed's manifest; the rest of it decides nothing. */
const manifestSchema = z.object({
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/),
  files: z
    .array(z.object({ url: z.string().min(1).max(500), sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/) }))
    .min(1)
    .max(20),
});
export type UpdateManifest = z.infer<typeof manifestSchema>;
const signedSchema = manifestSchema.extend({ signature: z.base64().max(200) });

/** The very text that the organisation signs: the version, and every file by its name and SHA-512, in the manifest's order. */
export const signedText = ({ version, files }: UpdateManifest): string =>
  ['chasqui update 1', version, ...files.map(({ url, sha512 }) => `${sha512} ${url}`), ''].join('\n');

/** The manifest of an update, if the holder of that key signed this version with these files. */
export function signedManifest(key: KeyObject, manifest: unknown): UpdateManifest | null {
  const read = signedSchema.safeParse(manifest);
  if (!read.success) return null;
  const { signature, ...said } = read.data;
  return verify(null, Buffer.from(signedText(said)), key, Buffer.from(signature, 'base64')) ? said : null;
}

/** An Ed25519 key as the configuration gives it: its SPKI in base64. Null for anything else. */
export function updateKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
