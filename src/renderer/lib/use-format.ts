import type { TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import type { Instant } from '../../domain/vocabulary.ts';
import { useTranslation } from '../i18n/use-translation.tsx';
import { keepLast } from './keep-last.ts';

/** "Today" is the desk's, wherever the computer is. */
const ZONE = 'America/Lima';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clocks = new Map<number, { now: number; readonly subscribe: (listener: () => void) => () => void }>();

/** One timer for each step, running only while somebody looks. */
function clockOf(step: number) {
  const known = clocks.get(step);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const clock = {
    now: Date.now(),
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        clock.now = Date.now();
        timer = setInterval(() => {
          clock.now = Date.now();
          for (const each of [...listeners]) each();
        }, step);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
  clocks.set(step, clock);
  return clock;
}

/** Device time, renewed every `step` milliseconds. */
export function useNow(step: number = MINUTE / 2): Instant {
  const clock = clockOf(step);
  return useSyncExternalStore(clock.subscribe, () => clock.now);
}

export interface Format {
  /** `9:42` */
  time(at: Instant): string;
  /** `9:42` today, `ayer 9:42`, `12 mar 9:42`, with the year when it is another. */
  moment(at: Instant, now: Instant): string;
  /** `12 de marzo de 2026, 9:42` */
  full(at: Instant): string;
  /** `18 min`, `2 h`, `3 d` */
  span(ms: number): string;
  age(at: Instant, now: Instant): string;
  number(value: number): string;
  /** `384 kB`, `2,1 MB`: decimal units, as limits are said. */
  bytes(count: number): string;
}

function makeFormat(t: TFunction, language: string): Format {
  const locale = language === 'en' ? 'en-GB' : 'es-PE';
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
  const time = make({ hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  const day = make({ day: 'numeric', month: 'short' });
  const dayYear = make({ day: 'numeric', month: 'short', year: 'numeric' });
  const full = make({ dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' });
  const dayKey = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });
  const numbers = new Intl.NumberFormat(locale);
  const oneDecimal = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'es', { maximumFractionDigits: 1 });
  const span = (ms: number): string => {
    if (ms < MINUTE) return t('common.justNow');
    if (ms < HOUR) return t('common.minutes', { n: Math.floor(ms / MINUTE) });
    if (ms < DAY) return t('common.hours', { n: Math.floor(ms / HOUR) });
    return t('common.days', { n: Math.floor(ms / DAY) });
  };
  return {
    time: (at) => time.format(at),
    moment(at, now) {
      const key = dayKey.format(at);
      if (key === dayKey.format(now)) return time.format(at);
      if (key === dayKey.format(now - DAY)) return `${t('common.yesterday')} ${time.format(at)}`;
      const date = key.slice(0, 4) === dayKey.format(now).slice(0, 4) ? day.format(at) : dayYear.format(at);
      return `${date} ${time.format(at)}`;
    },
    full: (at) => full.format(at),
    span,
    age: (at, now) => span(Math.max(0, now - at)),
    number: (value) => numbers.format(value),
    bytes(count) {
      if (count < 1_000) return `${count} B`;
      if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`;
      return `${oneDecimal.format(count / 1_000_000)} MB`;
    },
  };
}

/** Seven formatters of Intl cost more than a row that uses them: the same ones for every part of the screen. */
const formatOf = keepLast(makeFormat);

/** Dates, spans and numbers in the person's language and the desk's zone. */
export function useFormat(): Format {
  const { t, language } = useTranslation();
  return formatOf(t, language);
}
