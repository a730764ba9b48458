/**
 * One end of a two-way line that carries plain values: a MessagePort (structured clone) or a WebSocket (JSON text).
 * Frames keep their order. `onClose` fires once, whichever end closed; frames sent after it are dropped.
 */
export interface FrameTransport {
  send(frame: unknown): void;
  /** One listener; setting it again replaces it. */
  onFrame(listener: (frame: unknown) => void): void;
  /** One listener; called at once when the line is closed already. */
  onClose(listener: () => void): void;
  close(): void;
}

/** Largest frame that either side accepts, in characters of text plus one per value: about 4 MB as JSON. */
export const MAX_FRAME_UNITS = 4_000_000;
const MAX_DEPTH = 64;

/**
 * Whether a value is small and flat enough to be worth checking against a schema. Walks without recursion and stops at
 * the bound, so that 10 MB, a cycle or 10,000 levels cost no more than the bound itself.
 */
export function fitsFrame(value: unknown, maxUnits = MAX_FRAME_UNITS): boolean {
  const pending: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let units = 0;
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    units += typeof item.value === 'string' ? item.value.length + 1 : 1;
    if (units > maxUnits || item.depth > MAX_DEPTH) return false;
    if (typeof item.value !== 'object' || item.value === null) continue;
    if (Array.isArray(item.value)) {
      if (item.value.length + units > maxUnits) return false;
      for (const element of item.value) pending.push({ value: element, depth: item.depth + 1 });
      continue;
    }
    for (const [key, element] of Object.entries(item.value)) {
      units += key.length;
      pending.push({ value: element, depth: item.depth + 1 });
    }
  }
  return true;
}
