import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attachment } from '../../../src/domain/attachments.ts';
import { recordArrivals } from '../../../src/store/blobs/arrivals.ts';
import type { SyncLine } from '../../../src/store/changes/sync-line.ts';
import { about, createConsole, endOf, note, type TestConsole, ticketId } from './console.ts';
import { createRig, type OpenPorts, type Rig } from './rig.ts';
import { id, START } from './world.ts';

const file = (n: number): Attachment => ({
  attachmentId: id(0xb, n),
  name: `foto ${n}.jpg`,
  mediaType: 'image/jpeg',
  size: 1_000 + n,
  sha256: String(n).repeat(64),
  visibility: 'internal',
  thumbnail: null,
});

const docsOf = (lines: readonly SyncLine[]): string => lines.map((line) => ('doc' in line ? line.doc : '')).join('\n');

/** Files that arrive, over the port of command processing: they are no commands, and yet changes of a ticket. */
export function describeArrivalContract(name: string, open: OpenPorts): void {
  let rig: Rig;
  let ana: TestConsole;
  beforeEach(async () => {
    rig = await createRig(open);
    ana = createConsole(rig, 'ana');
  });
  afterEach(() => rig.close());

  const arrive = async (ticket: string, ...commandIds: string[]) => {
    const { deskId } = await ana.principal();
    return rig.desks.transact(deskId, (tx) => recordArrivals(tx, ticket, new Set(commandIds), START + 5_000));
  };

  describe(`${name}: files`, () => {
    it('SY2 each arrives once under its command, whoever says it again or at the same moment', async () => {
      const ticket = await ana.register(1);
      const [one, two] = [1, 2].map((n) => ana.command('addAttachment', ticket, file(n)));
      if (one === undefined || two === undefined) throw new Error('two commands');
      await ana.push(one, two, ana.command('addNote', ticket, note('y una nota')));
      const before = endOf(await ana.pull(0)).cursor;
      const said = await Promise.all(Array.from({ length: 8 }, () => arrive(ticket, one.id)));
      expect(said.map((answer) => (answer.ok ? answer.value : 0)).reduce((sum, n) => sum + n)).toBe(1);
      const lines = await ana.pull(before);
      expect(about(lines, ticket)).toEqual(['ticket 5', 'entry 5']);
      expect(docsOf(lines)).toContain(`"id":"${one.id}-1"`);
      expect(await arrive(ticket, one.id, two.id)).toEqual({ ok: true, value: 1 });
      expect(await arrive(ticket, one.id, two.id)).toEqual({ ok: true, value: 0 });
      const told = docsOf(await ana.pull(0));
      expect(told).toContain('"attachments":{"count":2,"bytes":2003,"waiting":0}');
    });

    it('none arrives that no timeline speaks of', async () => {
      const ticket = await ana.register(1);
      const lost = ana.command('addAttachment', ticketId(9), file(1));
      await ana.push(lost);
      expect(await arrive(ticket, lost.id)).toEqual({ ok: true, value: 0 });
      expect(await arrive(ticketId(9), lost.id)).toEqual({ ok: true, value: 0 });
    });
  });
}
