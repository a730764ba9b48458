import type { ContentLine } from './use-content-lines.ts';

/** The content of an act as it was saved, field by field. */
export function OutboxContent({ lines }: { readonly lines: readonly ContentLine[] }) {
  if (lines.length === 0) return null;
  return (
    <dl className="mx-4 mb-2 ml-[42px] max-h-48 overflow-y-auto rounded-md border border-line bg-panel px-3 py-2 text-xs">
      {lines.map(({ key, label, value }) => (
        <div key={key} className="flex gap-3 py-0.5">
          <dt className="w-24 shrink-0 text-text-3 first-letter:uppercase">{label}</dt>
          <dd className="min-w-0 flex-1 select-text whitespace-pre-wrap break-words text-text-1">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
