import type { TFunction } from 'i18next';
import { useSession } from '../../client/use-session.ts';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { keepLast } from '../../lib/keep-last.ts';

const DAY = 86_400_000;

export interface Days {
  /** Day in the desk's zone, as a key that sorts: 2026-11-23. */
  keyOf(at: number): string;
  /** hoy · ayer · lun 23 nov · 23 nov 2025 */
  name(at: number, now: number): string;
}

function makeDays(t: TFunction, language: string, timeZone: string): Days {
  const locale = language === 'en' ? 'en-GB' : 'es-PE';
  const key = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone });
  const near = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone });
  const far = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  const keyOf = (at: number) => key.format(at);
  return {
    keyOf,
    name(at, now) {
      const day = keyOf(at);
      if (day === keyOf(now)) return t('common.today');
      if (day === keyOf(now - DAY)) return t('common.yesterday');
      return (day.slice(0, 4) === keyOf(now).slice(0, 4) ? near : far).format(at);
    },
  };
}

const daysOf = keepLast(makeDays);

export function useDays(): Days {
  const { t, language } = useTranslation();
  return daysOf(t, language, useSession().settings.timeZone);
}

/** 45 s · 13 min · 1 h 05 min: lengths of sessions and visits, exact to the minute. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
