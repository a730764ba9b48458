import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { signedManifest, signedText } from '../src/main/update-signature.ts';

/**
 * The manifest of a release (`latest.yml`, `latest-linux.yml`, `latest-mac.yml`) with the organisation's signature as its last line, in place of one
 * that stands there.
 * @param pem an Ed25519 private key
 * @throws when the manifest names no version or no file, or the key is another
 */
export function signManifest(text: string, pem: string): string {
  const key = createPrivateKey(pem);
  const bare = text.replace(/^signature: .*\n?/gmu, '').replace(/\n*$/u, '\n');
  const manifest: unknown = parse(bare);
  const attempt = (signature: string) =>
    signedManifest(createPublicKey(key), { ...Object(manifest), signature }) !== null;
  const signature = sign(null, Buffer.from(signedText(Object(manifest))), key).toString('base64');
  if (!attempt(signature)) throw new Error('no version with files stands in this manifest');
  return `${bare}signature: ${signature}\n`;
}

if (import.meta.main) {
  const [keyPath, ...paths] = process.argv.slice(2);
  if (keyPath === undefined || paths.length === 0) {
    console.error('node launcher/run.js tools/sign-update.ts PRIVATE-KEY.pem dist/latest.yml …');
    process.exitCode = 2;
  } else {
    const pem = readFileSync(keyPath, 'utf8');
    for (const path of paths) writeFileSync(path, signManifest(readFileSync(path, 'utf8'), pem));
    const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' }).toString('base64');
    console.log(`signed: ${paths.join(', ')}\nupdateKey of the consoles: ${spki}`);
  }
}
