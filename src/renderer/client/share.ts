type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const idOf = (value: unknown): unknown => (isFields(value) ? value['id'] : undefined);

/**
 * `next`, but with the very objects of `before` wherever they are equal: what did not change stays the same object, and what was drawn
 * from it need not be drawn again. Members of a list are found again by their `id`, without one by their place. Both are plain JSON.
 */
export function share<T>(before: unknown, next: T): T {
  // Only ever an equal value in the place of `next`, so its type is that of `next`.
  return shared(before, next) as T;
}

function shared(before: unknown, next: unknown): unknown {
  if (before === next) return next;
  if (Array.isArray(before) && Array.isArray(next)) return sharedList(before, next);
  return isFields(before) && isFields(next) ? sharedFields(before, next) : next;
}

function sharedList(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const byId = new Map(before.map((member) => [idOf(member), member]));
  const out = next.map((member, index) => {
    const id = idOf(member);
    return shared(id === undefined ? before[index] : byId.get(id), member);
  });
  return out.length === before.length && out.every((member, index) => member === before[index]) ? before : out;
}

function sharedFields(before: Fields, next: Fields): Fields {
  const names = Object.keys(next);
  const out = Object.fromEntries(names.map((name) => [name, shared(before[name], next[name])]));
  const same =
    names.length === Object.keys(before).length && names.every((name) => name in before && out[name] === before[name]);
  return same ? before : out;
}
