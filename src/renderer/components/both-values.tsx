import type { ReactNode } from 'react';

export interface OneValue {
  /** Whose it is and since when. */
  readonly label: ReactNode;
  readonly value: ReactNode;
}

/** Two values of the same thing, side by side: what stands, and what was meant. */
export function BothValues({ stands, meant }: { readonly stands: OneValue; readonly meant: OneValue }) {
  return (
    <dl className="grid grid-cols-2 gap-2">
      <div className="min-w-0 rounded-md border border-line bg-panel px-2.5 py-1.5">
        <dt className="text-2xs text-text-3">{stands.label}</dt>
        <dd className="line-clamp-4 break-words text-sm">{stands.value}</dd>
      </div>
      <div className="min-w-0 rounded-md border border-amber/60 border-dashed bg-panel px-2.5 py-1.5">
        <dt className="text-2xs text-text-3">{meant.label}</dt>
        <dd className="line-clamp-4 whitespace-pre-wrap break-words text-sm">{meant.value}</dd>
      </div>
    </dl>
  );
}
