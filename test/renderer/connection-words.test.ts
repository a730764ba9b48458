import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/protocol/console/rows.ts';
import { connectionSchema } from '../../src/protocol/console/rows.ts';
import { connectionWords } from '../../src/renderer/features/shell/connection-words.ts';
import { es } from '../../src/renderer/i18n/es/index.ts';

beforeAll(async () => {
  await i18next.init({ lng: 'es', resources: { es: { translation: es } }, interpolation: { escapeValue: false } });
});
const base: Connection = {
  state: 'online',
  since: 0,
  lastContactAt: 0,
  nextAttemptAt: null,
  pendingActs: 0,
  refusedActs: 0,
  uploads: { waiting: 0, bytes: 0 },
  fill: null,
  clockSkewMs: null,
  trouble: null,
  notices: [],
};
const format = { time: () => '9:42', bytes: (count: number) => `${count / 1_000_000} MB` };
const say = (changes: Partial<Connection>): string => connectionWords({ ...base, ...changes }, i18next.t, format).text;

describe('the link as a sentence', () => {
  it('says «Al día» only when nothing is left to send', () => {
    expect(say({})).toBe('Al día');
    expect(say({ pendingActs: 2 })).toBe('Enviando 2');
  });
  it('counts acts to send in every state but those under way, and refused ones apart', () => {
    expect(say({ state: 'offline', pendingActs: 5 })).toBe('Sin conexión desde 9:42 · 5 por enviar');
    expect(say({ state: 'offline', pendingActs: 5, refusedActs: 1 })).toBe(
      'Sin conexión desde 9:42 · 5 por enviar · 1 no aplicado',
    );
    expect(say({ state: 'sessionExpired', pendingActs: 1 })).toBe('Sesión vencida · 1 por enviar');
    expect(say({ refusedActs: 2 })).toBe('Al día · 2 no aplicados');
  });
  it('is green only where nothing waits for anybody', () => {
    const tone = (changes: Partial<Connection>) => connectionWords({ ...base, ...changes }, i18next.t, format).tone;
    expect(tone({})).toBe('green');
    expect(tone({ pendingActs: 2 })).toBe('green');
    expect(tone({ refusedActs: 2 })).toBe('amber');
    expect(tone({ refusedActs: 2, state: 'deviceRevoked' })).toBe('red');
  });
  it('tells files whose bytes are still here apart, and is not «Al día» while there are any', () => {
    const uploads = { waiting: 2, bytes: 4_100_000 };
    expect(say({ uploads })).toBe('Enviando 2 archivos, 4.1 MB');
    expect(say({ uploads: { waiting: 1, bytes: 2_000_000 }, pendingActs: 3 })).toBe('Enviando 3 · 1 archivo, 2 MB');
    expect(say({ state: 'offline', pendingActs: 3, uploads })).toBe(
      'Sin conexión desde 9:42 · 3 por enviar · 2 archivos, 4.1 MB',
    );
  });
  it('does not go on saying that it sends over a link that gives no answer', () => {
    const hung: Connection = { ...base, pendingActs: 2 };
    expect(connectionWords(hung, i18next.t, format, 1)).toMatchObject({
      tone: 'amber',
      text: 'Sin respuesta desde 9:42 · 2 por enviar',
    });
    expect(connectionWords({ ...hung, pendingActs: 0 }, i18next.t, format, 1).text).toBe('Al día');
  });
  it('never says that a fill is whole before it is, nor divides by what is not known', () => {
    expect(say({ state: 'filling', fill: { done: 100, total: 100 } })).toBe('Poniéndose al día · 99 %');
    expect(say({ state: 'filling', fill: { done: 10, total: null } })).toBe('Poniéndose al día');
    expect(say({ state: 'filling', fill: { done: 0, total: 0 } })).toBe('Poniéndose al día');
  });
  it('has a sentence of its own for every state', () => {
    const sentences = connectionSchema.shape.state.options.map((state) => say({ state }));
    const catchingUp = sentences.filter((text) => text === 'Poniéndose al día');
    expect(catchingUp).toHaveLength(2);
    expect(new Set(sentences).size).toBe(sentences.length - 1);
    expect(sentences.some((text) => text.includes('{{') || text.startsWith('shell.'))).toBe(false);
  });
});
