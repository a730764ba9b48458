import type { ActiveProfile } from '../core/create-console-core.ts';
import type { StoreFailure } from '../core/ports/store-client.ts';
import type { LaunchPlan } from '../domain/remote-launch.ts';
import type { ReadPage } from '../platform-node/store-client/snapshot.ts';
import type { ConsoleError, News } from '../protocol/console/client.ts';
import type { ConsoleMethod } from '../protocol/console/methods.ts';
import type { SnapshotRequest } from '../protocol/sync/messages.ts';
import type { Result } from '../shared/result.ts';

/** What the host's thread and its two workers say to each other, by structured clone, all within one process. */
export interface CallMessage {
  readonly kind: 'call';
  readonly id: number;
  readonly method: ConsoleMethod;
  readonly params: unknown;
}
export interface AnswerMessage {
  readonly kind: 'answer';
  readonly id: number;
  readonly result: Result<unknown, ConsoleError>;
}

/** Ports that only the host has, asked for by the engine. */
export type HostRequest =
  | { readonly port: 'launch'; readonly plan: LaunchPlan }
  | { readonly port: 'protect'; readonly text: string }
  | { readonly port: 'reveal'; readonly sealed: string };

export type ToEngine =
  | CallMessage
  | { readonly kind: 'hostAnswer'; readonly id: number; readonly answer: Result<unknown, null> }
  | { readonly kind: 'cacheDamaged'; readonly profileId: string }
  | { readonly kind: 'stop' };
export type FromEngine =
  | AnswerMessage
  | { readonly kind: 'started'; readonly result: Result<null, ConsoleError> }
  /** Sent before the news that made it so: whoever asks after the news is answered by the right files. */
  | { readonly kind: 'active'; readonly active: ActiveProfile | null }
  /** All of one turn, in order. */
  | { readonly kind: 'news'; readonly news: readonly News[] }
  | { readonly kind: 'hostRequest'; readonly id: number; readonly request: HostRequest }
  | { readonly kind: 'stopped' };

export type ToReader =
  | CallMessage
  | { readonly kind: 'active'; readonly active: ActiveProfile | null }
  | { readonly kind: 'stop' };
/** `cacheDamaged`: the file itself was checked, and is not what was written. */
export type FromReader = AnswerMessage | { readonly kind: 'cacheDamaged'; readonly profileId: string };

/** What the engine and the worker that reads the pages of a fill say to each other. */
export type ToPages =
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly accessToken: string;
      readonly request: SnapshotRequest;
      /** Comes by transfer. */
      readonly spare: ArrayBuffer | undefined;
    }
  | { readonly kind: 'end'; readonly id: number };
export type FromPages =
  /** May the end of this page be read? Answered when the engine has written the page before. */
  | { readonly kind: 'mayEnd'; readonly id: number }
  | { readonly kind: 'page'; readonly id: number; readonly page: Result<ReadPage, StoreFailure> };
export interface PagesOptions {
  readonly storeUrl: string;
}

/** `workerData` of engine and reader. */
export interface WorkerOptions {
  readonly dataDir: string;
  readonly storeUrl: string;
  /** Module of the worker that reads the pages of a fill. */
  readonly pagesEntry: string;
  readonly language: 'es' | 'en';
}
