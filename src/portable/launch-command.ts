import { win32 } from 'node:path';

export type LaunchSubject =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

export interface LaunchFacts {
  readonly platform: string;
  /** Windows' folder, from its environment. */
  readonly systemRoot: string | undefined;
  readonly command: string | null;
}

export interface LaunchCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** explorer.exe answers 1 whatever happened. */
  readonly trustExitCode: boolean;
}

/**
 * The program and its one argument. Windows' own programs go by their full path, so that none planted in the working folder
 * is run, and neither cmd's `start` nor rundll32 takes part: nothing here parses the link as a command line.
 */
export function launchCommand(subject: LaunchSubject, facts: LaunchFacts): LaunchCommand {
  const argument = subject.kind === 'url' ? subject.url : subject.path;
  if (facts.command !== null) return { file: facts.command, args: [argument], trustExitCode: true };
  switch (facts.platform) {
    case 'win32': {
      const root = facts.systemRoot ?? 'C:\\Windows';
      if (subject.kind === 'file' && argument.toLowerCase().endsWith('.rdp')) {
        return { file: win32.join(root, 'System32', 'mstsc.exe'), args: [argument], trustExitCode: true };
      }
      return { file: win32.join(root, 'explorer.exe'), args: [argument], trustExitCode: false };
    }
    case 'darwin':
      return { file: '/usr/bin/open', args: [argument], trustExitCode: true };
    default:
      return { file: 'xdg-open', args: [argument], trustExitCode: true };
  }
}
