import type { Recorded } from '../records.ts';

/** What goes between main and a utility process, both ways, over the fork's channel. */
export type UtilityWire =
  | { readonly t: 'message'; readonly data: unknown; readonly ports: readonly string[] }
  | { readonly t: 'port'; readonly port: string; readonly data: unknown; readonly ports: readonly string[] }
  | { readonly t: 'port-close'; readonly port: string };

/** A child's recorder speaks on the same channel. */
export type FromUtility = UtilityWire | { readonly type: 'record'; readonly record: Recorded };
