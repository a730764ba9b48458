import { createHmac, timingSafeEqual } from 'node:crypto';

/** What an address opens: one attachment, for the rights of one session, until a moment. */
export interface ReadGrant {
  readonly deskId: string;
  readonly sessionId: string;
  readonly ticketId: string;
  readonly attachmentId: string;
  readonly expiresAt: number;
}
const ID_BYTES = 16;
const CLAIM_BYTES = 4 * ID_BYTES + 6;
const MAC_BYTES = 32;
export const TOKEN_PATTERN = /^[A-Za-z0-9_-]{136}$/;

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idAt = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

// The desk's key seals places of its log too: another purpose, another key.
const macOf = (sealKey: string, claims: Buffer): Buffer =>
  createHmac('sha256', createHmac('sha256', sealKey).update('addresses of files').digest()).update(claims).digest();

/** 256 bits of HMAC over what it opens: any process of the store can tell it, and nothing is kept. */
export function tokenOf(sealKey: string, grant: ReadGrant): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(grant.expiresAt, 0, 6);
  const ids = [grant.deskId, grant.sessionId, grant.ticketId, grant.attachmentId].map(idBytes);
  const claims = Buffer.concat([...ids, time]);
  return Buffer.concat([claims, macOf(sealKey, claims)]).toString('base64url');
}

/** What a token says, before anything of it is believed; null when it is none. */
export function readToken(token: string): { readonly grant: ReadGrant; isSealed(sealKey: string): boolean } | null {
  if (!TOKEN_PATTERN.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  // Another spelling of the same bytes is another token.
  if (bytes.length !== CLAIM_BYTES + MAC_BYTES || bytes.toString('base64url') !== token) return null;
  const claims = bytes.subarray(0, CLAIM_BYTES);
  const mac = bytes.subarray(CLAIM_BYTES);
  return {
    grant: {
      deskId: idAt(bytes, 0),
      sessionId: idAt(bytes, ID_BYTES),
      ticketId: idAt(bytes, 2 * ID_BYTES),
      attachmentId: idAt(bytes, 3 * ID_BYTES),
      expiresAt: claims.readUIntBE(4 * ID_BYTES, 6),
    },
    isSealed: (sealKey) => timingSafeEqual(mac, macOf(sealKey, claims)),
  };
}
