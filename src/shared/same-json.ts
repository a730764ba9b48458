/** Whether two values of plain data say the same as JSON, whatever the order of their keys. What is shared is not looked into. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((value, at) => sameJson(value, b[at]));
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (Object.keys(b).length !== keys.length) return false;
  for (const key of keys) {
    const value: unknown = Reflect.get(a, key);
    const other: unknown = Reflect.get(b, key);
    if (value === other ? other === undefined && !Object.hasOwn(b, key) : !sameJson(value, other)) return false;
  }
  return true;
}
