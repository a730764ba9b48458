import { cx } from '../lib/cx.ts';

/** White on each of these is above 4.5:1. */
const hues = ['#2f5fd0', '#7a3fb0', '#1a6b8a', '#177347', '#a8461b', '#a6306c', '#5a5f2a', '#4b4fc0'] as const;

const hueOf = (name: string): string => {
  let sum = 2166136261;
  for (const char of name) sum = Math.imul(sum ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  sum = (sum ^ (sum >>> 15)) >>> 0;
  return hues[sum % hues.length] ?? hues[0];
};
const initialsOf = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word));
  return (words.length === 0 ? name.slice(0, 2) : `${words[0]?.[0] ?? ''}${words[1]?.[0] ?? ''}`).toUpperCase();
};

interface AvatarProps {
  /** Null: nobody's, an empty dashed circle. */
  readonly name: string | null;
  readonly size?: 18 | 22 | 26 | 30;
  /** Said to screen readers; leave out where the name stands beside it. */
  readonly label?: string;
}

const sizes = {
  18: 'size-[18px] text-[8px]',
  22: 'size-[22px] text-[9px]',
  26: 'size-[26px] text-[10px]',
  30: 'size-[30px] text-2xs',
};

export function Avatar({ name, size = 22, label }: AvatarProps) {
  return (
    <span
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label, title: label })}
      style={name === null ? undefined : { backgroundColor: hueOf(name) }}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full font-bold leading-none',
        sizes[size],
        name === null ? 'border border-text-4 border-dashed' : 'text-white',
      )}
    >
      {name === null ? null : initialsOf(name)}
    </span>
  );
}
