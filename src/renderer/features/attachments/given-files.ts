/** What a person dropped, pasted or chose: files, and names of folders that cannot be taken. */
export interface GivenFiles {
  readonly files: readonly File[];
  readonly folders: readonly string[];
}

export const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') === true;

/** Read while the event is being handled: the list is emptied afterwards. */
export function droppedFiles(data: DataTransfer): GivenFiles {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of data.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory === true) folders.push(entry.name);
    else if (file !== null) files.push(file);
  }
  return { files, folders };
}

/**
 * Files of a paste; null where it is text, which goes where the cursor is: an office program puts a picture of the text beside it.
 * A picture without a name of its own (a screenshot) gets one by `named`.
 */
export function pastedFiles(data: DataTransfer | null, named: (file: File) => string): GivenFiles | null {
  if (data === null || !hasFiles(data) || data.types.includes('text/plain')) return null;
  const { files, folders } = droppedFiles(data);
  return { files: files.map((file) => (isUnnamed(file.name) ? renamed(file, named(file)) : file)), folders };
}

/** What browsers call a picture that comes from the clipboard. */
const isUnnamed = (name: string): boolean => name === '' || /^image\.(png|jpe?g|webp|gif|bmp)$/i.test(name);

const renamed = (file: File, name: string): File => new File([file], name, { type: file.type });

/** `Captura 2026-11-23 09.41.07.png`: sorts by time, and no system refuses it. `parts` are of the desk's zone. */
export function datedName(word: string, at: Date, timeZone: string, ending: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return `${word} ${parts.replaceAll(':', '.')}.${ending}`;
}

/** Ending of a picture's media type: `image/jpeg` → `jpg`. */
export const endingOfType = (mediaType: string): string =>
  mediaType === 'image/jpeg' ? 'jpg' : (/^image\/(png|webp|gif|bmp)$/.exec(mediaType)?.[1] ?? 'png');
