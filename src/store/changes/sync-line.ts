import type { PullEndLine, RemoveLine, SnapshotEntity } from '../../protocol/sync/messages.ts';

/** A line of an answer before it is text; `doc` is the exact text of a row as it is stored. */
export type SyncLine =
  | { readonly t: 'up'; readonly e: SnapshotEntity; readonly doc: string }
  | RemoveLine
  | { readonly t: 'tx'; readonly seq: number }
  | PullEndLine
  | { readonly t: 'end'; readonly rows: number };

export const upLine = (e: SnapshotEntity, doc: string): SyncLine => ({ t: 'up', e, doc });

/** NDJSON of lines. Stored texts pass through as they are. */
export function linesToText(lines: readonly SyncLine[]): string {
  let text = '';
  for (const line of lines) {
    if (line.t === 'up') text += `{"t":"up","e":"${line.e}","row":${line.doc}}\n`;
    else if (line.t === 'tx') text += `{"t":"tx","seq":${line.seq}}\n`;
    else text += `${JSON.stringify(line)}\n`;
  }
  return text;
}
