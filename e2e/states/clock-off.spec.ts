import { openTicket, pill, timeline, writeNote } from '../support/acts.ts';
import { storedTicket } from '../support/desk.ts';
import { expect, onOwnTicket, test } from '../support/states.ts';

const HOUR = 3_600_000;
const YEAR = 365.25 * 24 * HOUR;

for (const [name, offset, words] of [
  ['three hours behind', -3 * HOUR, 'El reloj de este equipo está atrasado 3 h respecto de la mesa.'],
  ['ten years ahead', 10 * YEAR, 'El reloj de este equipo está adelantado 10 años respecto de la mesa.'],
] as const) {
  test(`SY15 a clock ${name}: said by how much, times corrected, nothing refused`, async ({ desk, openConsole }) => {
    const subject = `Reloj ${name}`;
    const before = Date.now();
    const { page } = await openConsole({ clockOffsetMs: offset });
    await onOwnTicket(page, subject);
    await expect(page.getByRole('main')).toContainText(words);
    await expect(page.getByRole('main')).toContainText('Las horas de tus actos se corrigen solas');
    await writeNote(page, 'Escrita con el reloj mal.');
    await expect(pill(page)).toHaveText('Al día');
    const { entries } = await storedTicket(desk, subject);
    for (const entry of entries) {
      expect(entry.occurredAt).toBeGreaterThan(before - 60_000);
      expect(entry.occurredAt).toBeLessThan(Date.now() + 60_000);
      expect(Math.abs(entry.deviceAt - offset - entry.occurredAt)).toBeLessThan(60_000);
    }
    await openTicket(page, subject);
    await expect(timeline(page)).toContainText('el reloj del equipo decía');
  });
}
