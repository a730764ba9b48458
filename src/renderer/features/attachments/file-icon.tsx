import {
  File,
  FileArchive,
  FileAudio,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
  Mail,
} from 'lucide-react';
import type { Thumbnail } from '../../../domain/attachments.ts';
import { endingOf } from '../../../domain/attachments.ts';
import { cx } from '../../lib/cx.ts';

const iconByEnding: Readonly<Record<string, LucideIcon>> = {
  ...Object.fromEntries(
    ['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'heic', 'svg'].map((ending) => [ending, FileImage]),
  ),
  ...Object.fromEntries(['pdf', 'doc', 'docx', 'odt', 'rtf', 'txt', 'log'].map((ending) => [ending, FileText])),
  ...Object.fromEntries(['xls', 'xlsx', 'ods', 'csv'].map((ending) => [ending, FileSpreadsheet])),
  ...Object.fromEntries(['zip', '7z', 'rar', 'gz', 'tar', 'cab'].map((ending) => [ending, FileArchive])),
  ...Object.fromEntries(['mp4', 'mov', 'webm', 'avi', 'mkv'].map((ending) => [ending, FileVideo])),
  ...Object.fromEntries(['mp3', 'wav', 'ogg', 'm4a', 'amr'].map((ending) => [ending, FileAudio])),
  ...Object.fromEntries(['html', 'htm', 'xml', 'json', 'ini', 'conf', 'sql'].map((ending) => [ending, FileCode])),
  ...Object.fromEntries(['eml', 'msg'].map((ending) => [ending, Mail])),
};

export const thumbnailUrl = ({ mediaType, base64 }: Thumbnail): string => `data:${mediaType};base64,${base64}`;

interface FileFaceProps {
  readonly name: string;
  readonly thumbnail: Thumbnail | null;
  readonly className?: string;
}

/** What a file looks like in a small square: its picture, else the sign of its kind. */
export function FileFace({ name, thumbnail, className }: FileFaceProps) {
  const Icon = (Object.hasOwn(iconByEnding, endingOf(name)) ? iconByEnding[endingOf(name)] : undefined) ?? File;
  return (
    <span
      aria-hidden="true"
      className={cx(
        'flex shrink-0 items-center justify-center overflow-hidden rounded-sm border border-line bg-hover text-text-3 [&>svg]:size-4',
        className,
      )}
    >
      {thumbnail === null ? <Icon /> : <img alt="" src={thumbnailUrl(thumbnail)} className="size-full object-cover" />}
    </span>
  );
}
