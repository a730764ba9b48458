export { MergeDialog } from './merge-dialog.tsx';
export { OriginBanner, RelativeLists } from './relative-lines.tsx';
export { SplitDialog } from './split-dialog.tsx';
export { UndoSplitDialog, UnmergeDialog } from './undo-dialogs.tsx';
