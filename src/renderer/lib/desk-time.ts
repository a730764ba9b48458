import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../client/use-session.ts';

export interface DeskTime {
  /** 9:44 */
  clock(at: number): string;
  /** Sortable day in the desk's zone: 2026-11-23. */
  dayKey(at: number): string;
  /** hoy · ayer · lun 23 nov · 23 nov 2025 */
  day(at: number, now: number): string;
  /** 9:44 today, else with its day. */
  moment(at: number, now: number): string;
  /** 45 s · 13 min · 1 h 05 min */
  duration(ms: number): string;
}

/** Times in the zone of the desk, whatever the computer's: everybody reads the same hour on the same ticket. */
export function createDeskTime(language: string, timeZone: string, words: { today: string; yesterday: string }): DeskTime {
  const locale = language === 'en' ? 'en-GB' : 'es-PE';
  const clockFormat = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23', timeZone });
  const keyFormat = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone });
  const nearFormat = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone });
  const farFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone });
  const dayKey = (at: number) => keyFormat.format(at);
  const clock = (at: number) => clockFormat.format(at).replace(/^0(?=\d:)/, '');
  const plain = (text: string) => text.replaceAll('.', '').replaceAll(',', '');
  const day = (at: number, now: number) => {
    const key = dayKey(at);
    if (key === dayKey(now)) return words.today;
    if (key === dayKey(now - 86_400_000)) return words.yesterday;
    return plain(key.slice(0, 4) === dayKey(now).slice(0, 4) ? nearFormat.format(at) : farFormat.format(at));
  };
  return {
    clock,
    dayKey,
    day,
    moment: (at, now) => (dayKey(at) === dayKey(now) ? clock(at) : `${day(at, now)} ${clock(at)}`),
    duration(ms) {
      const seconds = Math.max(0, Math.round(ms / 1000));
      if (seconds < 60) return `${seconds} s`;
      const minutes = Math.floor(seconds / 60);
      if (minutes < 60) return `${minutes} min`;
      return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
    },
  };
}

export function useDeskTime(): DeskTime {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession().settings;
  return useMemo(
    () => createDeskTime(i18n.language, timeZone, { today: t('common.today'), yesterday: t('common.yesterday') }),
    [i18n.language, timeZone, t],
  );
}
