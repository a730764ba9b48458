import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTypes, isFact } from '../../src/domain/commands.ts';
import { other, run } from '../support/world.ts';
import { commandTable, rows } from './command-table.ts';

describe('docs/spec/commands.md', () => {
  it('says of every command and situation what the code does', () => {
    const page = readFileSync(new URL('../../docs/spec/commands.md', import.meta.url), 'utf8');
    const written = page.slice(page.indexOf('<!-- table:begin -->') + 20, page.indexOf('<!-- table:end -->')).trim();
    expect(written).toBe(commandTable());
  });

  it.each(commandTypes.filter(isFact))('SY9 the fact %s is never refused for scope, status or team', (type) => {
    for (const situation of ['fits', 'changed meanwhile', 'ticket closed', 'out of scope', 'revoked'] as const) {
      const met = rows[type][situation];
      if (met === undefined) continue;
      const result = run(met.ticket, met.actor, met.command, {
        revoked: situation === 'revoked',
        seenVersion: met.seenVersion ?? null,
        others: met.others ?? [other()],
      });
      expect(result.decision.kind, situation).not.toBe('refused');
    }
  });
});
