import { Fragment, type ReactNode } from 'react';

const OPEN = '\u0002';
const CLOSE = '\u0003';

/**
 * A sentence of a catalogue with nodes in its places: `rich((s) => t('ticket.event.claimed', s), { actor: <b>Ana</b> })`.
 * The order of the words stays the catalogue's, and a name that looks like markup stays a name.
 */
export function rich<K extends string>(
  sentence: (slots: Record<K, string>) => string,
  nodes: Record<K, ReactNode>,
): ReactNode {
  const byName: Readonly<Record<string, ReactNode>> = nodes;
  const slots = Object.fromEntries(Object.keys(nodes).map((name) => [name, `${OPEN}${name}${CLOSE}`])) as Record<
    K,
    string
  >;
  const parts = sentence(slots).split(new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`));
  return parts.map((part, index) => {
    const key = `${index}-${part}`;
    return <Fragment key={key}>{index % 2 === 0 ? part : byName[part]}</Fragment>;
  });
}
