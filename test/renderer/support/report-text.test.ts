import { expect, it } from 'vitest';
import type { SupportReport } from '../../../src/renderer/features/support/make-report.ts';
import { reportName, reportToText } from '../../../src/renderer/features/support/report-text.ts';
import { en } from '../../../src/renderer/i18n/en/index.ts';
import { es } from '../../../src/renderer/i18n/es/index.ts';
import { drawnFiles, drawnStates } from '../world/support.ts';

const report: SupportReport = {
  form: 1,
  madeAt: '2026-11-23T14:32:00.000Z',
  page: {
    contract: 3,
    browser: 'x'.repeat(150),
    language: 'es',
    theme: 'dark',
    width: 1440,
    height: 900,
    pixelRatio: 1,
  },
  host: { ok: false, code: 'noAnswer' },
  states: { ok: true, told: drawnStates(true, 5) },
  files: { ok: true, told: drawnFiles(5) },
};

it('C141 the text of a report is JSON again, with every line of a log on a line of its own', () => {
  const text = reportToText(report);
  expect(JSON.parse(text)).toEqual(report);
  const events = text.split('\n').filter((line) => line.includes('"event"'));
  expect(events).toHaveLength(6);
  for (const line of events) expect(line).toMatch(/^\s+\{ "time": .*\},?$/u);
  // A person reads it: what is short is not spread over lines.
  expect(text).toContain('"host": { "ok": false, "code": "noAnswer" }');
});

it('C141 a report is named by the day and the hour of the device', () => {
  expect(reportName('chasqui-soporte', new Date(2026, 0, 5, 7, 3))).toBe('chasqui-soporte-20260105-0703.json');
});

it('C141 the words beside a report name the one address that it holds, in both languages', () => {
  const addresses = reportToText(report).match(/https?:\/\/[^\s"]+/g) ?? [];
  expect(new Set(addresses)).toEqual(new Set([drawnStates(true, 5).store]));
  expect(es.support.without).toContain('De direcciones lleva una: la del servidor.');
  expect(en.support.without).toContain('The one address in it is that of the server.');
});
