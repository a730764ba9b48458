import { createHash } from 'node:crypto';

/** One row of the measured data as a peer holds it: the document that the store has, without what the peer adds of its own. */
export interface HeldRow {
  readonly id: string;
  readonly doc: unknown;
}

/** JSON with the keys of every object in order, so that two peers that keep keys in another order say the same. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

export interface Digest {
  readonly rows: number;
  /** SHA-256 over each row's id and content, in the order of ids. */
  readonly sha256: string;
}

/** The same function over every peer's end state. An id that is there twice counts twice, so it shows. */
export async function digestOf(rows: AsyncIterable<HeldRow> | Iterable<HeldRow>): Promise<Digest> {
  const lines: string[] = [];
  for await (const { id, doc } of rows)
    lines.push(`${id} ${createHash('sha256').update(canonical(doc)).digest('base64')}`);
  lines.sort();
  const whole = createHash('sha256');
  for (const line of lines) whole.update(`${line}\n`);
  return { rows: lines.length, sha256: whole.digest('hex') };
}
