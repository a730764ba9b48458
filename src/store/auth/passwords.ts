import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
/** One hash takes 19 MiB and a thread of libuv's four; the rest must stay free for files and DNS. */
const AT_ONCE = 2;
const QUEUE = 64;

const derive = promisify(argon2);
const prefix = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$`;

export type PasswordOutcome = 'match' | 'mismatch' | 'busy';
export interface Passwords {
  /** Null when too many wait already. */
  hash(password: string): Promise<string | null>;
  verify(password: string, hash: string): Promise<PasswordOutcome>;
  /** As long as a verification, for a user that is not there: the answer's time tells nothing. */
  pretend(password: string): Promise<PasswordOutcome>;
  /** Hashes under way, and those that wait for a place. */
  load(): { readonly running: number; readonly waiting: number };
}

const tag = (password: string, salt: Buffer, memory: number, passes: number): Promise<Buffer> =>
  derive('argon2id', {
    message: password.normalize('NFC'),
    nonce: salt,
    parallelism: 1,
    tagLength: TAG_BYTES,
    memory,
    passes,
  });

const FORM = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** argon2id in libuv's threads, a bounded number at once, so that a flood of sign-ins neither blocks nor fills the memory. */
export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function bounded<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    if (running >= AT_ONCE) {
      if (waiting.length >= QUEUE) return 'busy';
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  }
  const verify = (password: string, hash: string): Promise<PasswordOutcome> =>
    bounded(async () => {
      const [, memory, passes, salt, expected] = FORM.exec(hash) ?? [];
      if (salt === undefined || expected === undefined) return 'mismatch';
      const given = await tag(password, Buffer.from(salt, 'base64url'), Number(memory), Number(passes));
      const wanted = Buffer.from(expected, 'base64url');
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? 'match' : 'mismatch';
    });
  const decoy = `${prefix}${randomBytes(16).toString('base64url')}$${randomBytes(TAG_BYTES).toString('base64url')}`;
  return {
    verify,
    load: () => ({ running, waiting: waiting.length }),
    pretend: async (password) => ((await verify(password, decoy)) === 'busy' ? 'busy' : 'mismatch'),
    hash: async (password) => {
      const salt = randomBytes(16);
      const made = await bounded(() => tag(password, salt, MEMORY_KIB, PASSES));
      return made === 'busy' ? null : `${prefix}${salt.toString('base64url')}$${made.toString('base64url')}`;
    },
  };
}
