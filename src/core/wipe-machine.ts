/**
 * What a revoked device goes through. `handingIn`: the cache is gone, the outbox goes out, acts are refused · `erasing`: every command
 * has its answer and the farewell is written, files may be there still · `confirming`: the files are gone, the store does not know
 * it yet · `done`: told, or nobody to tell. Each state is durable before its step begins, so a process that dies in any of them goes
 * on with that step: `handingIn` in the profile's own outbox, the later ones in the farewell outside of it.
 */
export const wipeStates = ['none', 'handingIn', 'erasing', 'confirming', 'done'] as const;
export type WipeState = (typeof wipeStates)[number];
/** `refused`: the store will not hear of this device any more, for good. */
export const wipeEvents = ['revoked', 'reinstated', 'handedIn', 'erased', 'confirmed', 'refused'] as const;
export type WipeEvent = (typeof wipeEvents)[number];

/** What changes nothing where a row does not say otherwise. */
const stays = <S extends WipeState>(state: S) => ({
  revoked: state,
  reinstated: state,
  handedIn: state,
  erased: state,
  confirmed: state,
  refused: state,
});

/** Total. Only `handingIn` goes back: once the farewell is written the outbox holds nothing that the store has not answered. */
export const wipeTable: Record<WipeState, Record<WipeEvent, WipeState>> = {
  none: { ...stays('none'), revoked: 'handingIn' },
  handingIn: { ...stays('handingIn'), reinstated: 'none', handedIn: 'erasing' },
  erasing: { ...stays('erasing'), erased: 'confirming' },
  confirming: { ...stays('confirming'), confirmed: 'done', refused: 'done' },
  done: stays('done'),
};

export const nextWipe = (state: WipeState, event: WipeEvent): WipeState => wipeTable[state][event];
