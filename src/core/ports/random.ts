export interface RandomPort {
  /** UUID version 7 in lower case. Ids are never read as time. */
  id(): string;
  /** Uniform in [0, 1). For jitter only. */
  fraction(): number;
}
