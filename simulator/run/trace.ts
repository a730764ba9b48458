/** What happened in a history, line by line, in true time since its beginning. Off, it costs nothing. */
export interface Trace {
  readonly on: boolean;
  line(text: string): void;
}
export const noTrace: Trace = { on: false, line: () => {} };

export interface KeptTrace extends Trace {
  readonly lines: readonly string[];
}
export function keepTrace(elapsed: () => number): KeptTrace {
  const lines: string[] = [];
  return {
    on: true,
    lines,
    line: (text) => void lines.push(`${(elapsed() / 1000).toFixed(3).padStart(9)} ${text}`),
  };
}
/** The last characters of an id: enough to tell ids apart in a history. */
export const short = (id: string): string => id.slice(-6);
