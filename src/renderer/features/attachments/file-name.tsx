import { endingOf } from '../../../domain/attachments.ts';
import { cx } from '../../lib/cx.ts';

const KEPT = 5;
const LONGEST_ENDING = 8;

/** The beginning, which may be cut, and the part that says what it is, which may not. */
export function splitName(name: string): { readonly head: string; readonly tail: string } {
  const characters = Array.from(name);
  const ending = endingOf(name);
  const kept = ending === '' || ending.length > LONGEST_ENDING ? KEPT : Array.from(ending).length + 1 + KEPT;
  const cut = Math.max(0, characters.length - kept);
  return { head: characters.slice(0, cut).join(''), tail: characters.slice(cut).join('') };
}

/** A file's name on one line: cut in its middle, its ending always seen, and never mixed with the words around it. */
export function FileName({ name, className }: { readonly name: string; readonly className?: string }) {
  const { head, tail } = splitName(name);
  return (
    <bdi title={name} className={cx('flex min-w-0', className)}>
      <span className="truncate whitespace-pre">{head}</span>
      <span className="shrink-0 whitespace-pre">{tail}</span>
    </bdi>
  );
}
