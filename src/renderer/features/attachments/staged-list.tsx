import { CircleAlert, RotateCcw, X } from 'lucide-react';
import { attachmentBounds } from '../../../domain/attachments.ts';
import { IconButton } from '../../components/button.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { useWords } from '../../i18n/use-words.ts';
import { cx } from '../../lib/cx.ts';
import { useFormat } from '../../lib/use-format.ts';
import { FileFace } from './file-icon.tsx';
import { FileName } from './file-name.tsx';
import type { StagedItem, StagedProblem } from './staging.ts';
import type { StagedFiles } from './use-staged-files.ts';

/** Stands first, where nobody misses it. */
const isProblem = ({ problem, state }: StagedItem): boolean => problem !== null || state === 'halfway';

/** The files beside a text, each with how far it is, why not, and the way to take it out. Nothing at all while there are none. */
export function StagedList({ files, className }: { readonly files: StagedFiles; readonly className?: string }) {
  const { t } = useTranslation();
  if (files.items.length === 0) return null;
  return (
    <ul
      aria-label={t('attachments.staged')}
      className={cx('grid max-h-44 grid-cols-[repeat(auto-fill,minmax(204px,1fr))] gap-1.5 overflow-y-auto', className)}
    >
      {[...files.items.filter(isProblem), ...files.items.filter((item) => !isProblem(item))].map((item) => (
        <StagedRow key={item.key} item={item} files={files} />
      ))}
    </ul>
  );
}

function StagedRow({ item, files }: { readonly item: StagedItem; readonly files: StagedFiles }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, name, size, received, state, problem, thumbnail } = item;
  const problemWords = useProblemWords();
  const bad = isProblem(item);
  const percent = size === 0 ? 0 : Math.min(99, Math.floor((received * 100) / size));
  const words =
    problem !== null
      ? problemWords(problem)
      : state === 'reading'
        ? t('attachments.state.reading', { percent })
        : state === 'waiting'
          ? t('attachments.state.waitingTurn')
          : t(`attachments.state.${state === 'halfway' ? 'halfway' : 'ready'}`);
  return (
    <li
      data-staged={state}
      className={cx(
        'relative flex min-w-0 items-start gap-2 overflow-hidden rounded-md border bg-field p-1 pr-0.5',
        bad ? 'col-span-full border-red/40 bg-red-wash/60' : 'border-line',
      )}
    >
      {bad && thumbnail === null ? (
        <span aria-hidden="true" className="flex size-9 shrink-0 items-center justify-center text-red">
          <CircleAlert className="size-4" />
        </span>
      ) : (
        <FileFace name={name} thumbnail={thumbnail} className="size-9" />
      )}
      <div className="min-w-0 flex-1 self-center text-xs leading-4">
        <FileName name={name} className="font-medium text-text-1" />
        <p role={problem === null ? undefined : 'alert'} className={bad ? 'text-text-1' : 'text-text-3'}>
          {!bad && `${format.bytes(size)} · `}
          {words}
        </p>
      </div>
      {state === 'failed' && (
        <IconButton
          label={t('attachments.retry', { name })}
          className="size-7 self-center"
          onClick={() => files.retry(key)}
        >
          <RotateCcw />
        </IconButton>
      )}
      <IconButton
        label={t('attachments.remove', { name })}
        className="size-7 self-center"
        onClick={() => files.remove(key)}
      >
        <X />
      </IconButton>
      {state === 'reading' && (
        <progress
          aria-label={t('attachments.state.reading', { percent })}
          className="fill-bar absolute inset-x-0 bottom-0 w-full"
          max={size}
          value={received}
        />
      )}
    </li>
  );
}

function useProblemWords(): (problem: StagedProblem) => string {
  const { t } = useTranslation();
  const words = useWords();
  return (problem) => {
    switch (problem.kind) {
      case 'refusal':
        return words.refusal(problem);
      case 'error':
        return words.error({ code: problem.code, params: {} });
      case 'tooMany':
        return t('attachments.problem.tooMany', { n: attachmentBounds.perAct });
      case 'folder':
      case 'unreadable':
        return t(`attachments.problem.${problem.kind}`);
    }
  };
}
