import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { WireGroup } from './shapes.ts';

const keptSchema = z.record(z.string(), z.string());
export type Shapes = z.infer<typeof keptSchema>;

const fileOf = (name: string, version: number): string => join(import.meta.dirname, `${name}-${version}.json`);

/** Shapes as they were committed for that version; null when none were. */
export function keptShapes(name: WireGroup['name'], version: number): Shapes | null {
  const file = fileOf(name, version);
  return existsSync(file) ? keptSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

export function keepShapes({ name, version, shapes }: WireGroup): void {
  writeFileSync(fileOf(name, version), `${JSON.stringify(shapes, null, 2)}\n`);
}

/** Names of shapes that were added (+), taken away (−) or changed (≠). */
export function differences(before: Shapes, now: WireGroup['shapes']): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    return [`${before[name] === undefined ? '+' : now[name] === undefined ? '−' : '≠'} ${name}`];
  });
}
