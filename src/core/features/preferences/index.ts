import { utf8Bytes } from '../../../domain/text.ts';
import { ok } from '../../../shared/result.ts';
import type { Handlers } from '../../act-methods.ts';
import { failed, storageError } from '../../failures.ts';
import { readSetting, type Setting, writeSetting } from '../../settings.ts';
import type { World } from '../../world.ts';

const VIEW_MAX_BYTES = 64_000;

/** Per profile. Before a sign-in the last person's language and theme hold, and a change lasts until somebody signs in. */
export function preferencesFeature({ deps, book, hub }: World): Handlers<'preferences.get' | 'preferences.set'> {
  const defaults: Setting<'preferences'> = {
    language: deps.language,
    theme: 'system',
    density: 'comfortable',
    view: {},
  };
  let signedOut: Setting<'preferences'> | null = null;

  function current(): Setting<'preferences'> {
    const active = book.active();
    if (active !== null) return readSetting(active.files.outbox, 'preferences') ?? signedOut ?? defaults;
    if (signedOut !== null) return signedOut;
    const last = [...book.all()].sort((a, b) => b.lastUsedAt() - a.lastUsedAt())[0];
    const theirs = last === undefined ? null : readSetting(last.files.outbox, 'preferences');
    return theirs === null ? defaults : { ...theirs, view: {} };
  }
  return {
    'preferences.get': () => ok(current()),
    'preferences.set'(change) {
      const before = current();
      const next = {
        language: change.language ?? before.language,
        theme: change.theme ?? before.theme,
        density: change.density ?? before.density,
        view: change.view ?? before.view,
      };
      if (utf8Bytes(JSON.stringify(next.view)) > VIEW_MAX_BYTES)
        return failed('badRequest', { reason: 'viewTooLarge' });
      const active = book.active();
      if (active === null) signedOut = { ...next, view: {} };
      else {
        const kept = writeSetting(active.files.outbox, 'preferences', next);
        if (!kept.ok) return storageError(kept.error);
      }
      hub.emit('preferences');
      return ok(next);
    },
  };
}
