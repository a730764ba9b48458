import type { Notice } from '../../../src/protocol/console/rows.ts';

const MINUTE = 60_000;
const all: Record<Notice['kind'], Notice['params']> = {
  scopeChanged: { teamsGained: 'Servidores y redes', teamsLost: 'Mesa Puno' },
  storeRestored: { owed: 12, replayed: 12, changed: 2 },
  cacheRebuilt: {},
  cacheRepaired: { rows: 3 },
  outboxSalvaged: { commands: 7, drafts: 2, lost: 1 },
  attachmentHeld: { name: 'Acta de la visita.pdf', code: '004708' },
  attachmentDamaged: { name: 'Foto del tablero.jpg', code: '004708' },
  actTooLarge: { type: 'addNote', code: 'K7F3-02', subject: 'Carpeta compartida de inspecciones' },
};
const isKind = (name: string): name is Notice['kind'] => Object.hasOwn(all, name);

/** Notices by the names of their kinds, newest first: `storeRestored,cacheRepaired`. */
export const noticesOf = (kinds: readonly string[]): Notice[] =>
  kinds.filter(isKind).map((kind, index) => ({
    id: `notice-${index}`,
    kind,
    at: Date.now() - (index * 40 + 4) * MINUTE,
    params: all[kind],
  }));
