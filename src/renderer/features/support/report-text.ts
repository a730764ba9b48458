import type { SupportReport } from './make-report.ts';

/** Whatever fits on a line stays on it: a person reads this before handing it over. */
const LINE = 120;

function written(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= LINE) return spaced(value, flat);
  const inner = `${indent}  `;
  const isLine = !Array.isArray(value) && 'event' in value && 'time' in value;
  if (isLine) return spaced(value, flat);
  const parts = Array.isArray(value)
    ? value.map((item) => inner + written(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${written(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

/** The same JSON with room to breathe: `{ "a": 1, "b": [2, 3] }`. */
function spaced(value: unknown, flat: string): string {
  if (typeof value !== 'object' || value === null) return flat;
  if (Array.isArray(value)) return `[${value.map((item) => spaced(item, JSON.stringify(item))).join(', ')}]`;
  const parts = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${spaced(item, JSON.stringify(item))}`,
  );
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** The report as JSON: one line of a log a line. */
export const reportToText = (report: SupportReport): string => `${written(report, '')}\n`;

/** `chasqui-soporte-20261123-1432.json`, by the clock of this device. */
export function reportName(stem: string, at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${stem}-${day}-${two(at.getHours())}${two(at.getMinutes())}.json`;
}
