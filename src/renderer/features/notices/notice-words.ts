import type { TFunction } from 'i18next';
import { type Role, roles } from '../../../domain/vocabulary.ts';
import type { Notice } from '../../../protocol/console/rows.ts';
import type { Tone } from '../../components/badge.tsx';
import type { Words } from '../../i18n/use-words.ts';

export interface NoticeWords {
  readonly text: string;
  readonly tone: Tone;
  /** There is something in the panel of what is to be sent that belongs to it. */
  readonly seesOutbox: boolean;
}

const count = (params: Notice['params'], name: string): number => {
  const value = params[name];
  return typeof value === 'number' ? value : 0;
};

const isRole = (name: unknown): name is Role => roles.some((role) => role === name);

/** What was gained and lost, where the console could tell; then that nothing to be sent was held back. */
function scopeWords({ teamsGained, teamsLost, role }: Notice['params'], t: TFunction): string {
  return [
    t('notice.scopeChanged'),
    isRole(role) ? t('notice.scopeRole', { role: t(`role.${role}`).toLowerCase() }) : null,
    teamsGained === undefined ? null : t('notice.scopeGained', { teams: teamsGained }),
    teamsLost === undefined ? null : t('notice.scopeLost', { teams: teamsLost }),
    t('notice.scopeKept'),
  ]
    .filter((part) => part !== null)
    .join(' ');
}

/** One notice as sentences. Amber only where somebody should look; a repair is told in passing. */
export function noticeWords({ kind, params }: Notice, t: TFunction, words: Pick<Words, 'command'>): NoticeWords {
  switch (kind) {
    case 'scopeChanged':
      return { text: scopeWords(params, t), tone: 'accent', seesOutbox: false };
    case 'storeRestored': {
      const [owed, replayed, changed] = [count(params, 'owed'), count(params, 'replayed'), count(params, 'changed')];
      const told =
        owed === 0
          ? t('notice.storeRestored')
          : replayed < owed
            ? t('notice.storeRestoredRunning', { replayed, owed })
            : t('notice.storeRestoredDone', { count: replayed });
      const renumbered = count(params, 'renumbered');
      return {
        text: [
          told,
          changed === 0 ? null : t('notice.storeRestoredChanged', { count: changed }),
          renumbered === 0 ? null : t('notice.storeRestoredRenumbered', { count: renumbered }),
        ]
          .filter((part) => part !== null)
          .join(' '),
        tone: changed + renumbered === 0 ? 'accent' : 'amber',
        seesOutbox: changed > 0,
      };
    }
    case 'cacheRebuilt':
      return { text: t('notice.cacheRebuilt'), tone: 'accent', seesOutbox: false };
    case 'cacheRepaired':
      return {
        text: t('notice.cacheRepaired', { count: count(params, 'rows') }),
        tone: 'neutral',
        seesOutbox: false,
      };
    case 'outboxSalvaged': {
      const lost = count(params, 'lost');
      const told = t('notice.outboxSalvaged', { count: count(params, 'commands'), drafts: count(params, 'drafts') });
      return {
        text: `${told} ${lost === 0 ? t('notice.outboxWhole') : t('notice.outboxLost', { count: lost })}`,
        tone: 'amber',
        seesOutbox: true,
      };
    }
    case 'actTooLarge': {
      const { type, code, subject } = params;
      return {
        text: t('notice.actTooLarge', { act: words.command(String(type)), code, subject }),
        tone: 'amber',
        seesOutbox: true,
      };
    }
    case 'attachmentHeld':
      return { text: t('notice.attachmentHeld', { name: params['name'] }), tone: 'amber', seesOutbox: false };
    case 'attachmentDamaged':
      return { text: t('notice.attachmentDamaged', { name: params['name'] }), tone: 'amber', seesOutbox: false };
  }
}
