import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, inScope, type ScopeGrant, type ScopeKeys } from '../../src/domain/scope.ts';
import { createDesk } from '../../src/store/admin/desks.ts';
import { scopeCondition, scopeParams } from '../../src/store/scope/ticket-scope.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let test: TestDatabase;
const deskId = v7();
const now = 1_800_000_000_000;
beforeAll(async () => {
  test = await createTestDatabase(2);
  await createDesk(test.db, { id: deskId, name: 'alcance', epoch: v7(), now });
});
afterAll(() => test.drop());

const ids = Array.from({ length: 4 }, () => v7());
const id = fc.constantFrom(...ids);
const keys: fc.Arbitrary<ScopeKeys> = fc.record({
  siteId: id,
  teamId: id,
  assigneeId: fc.option(id),
  registeredBy: id,
  registeredAt: fc.constantFrom(now, now - 90 * DAY_MS, now - 90 * DAY_MS - 1, now - 200 * DAY_MS),
});
const grant: fc.Arbitrary<ScopeGrant> = fc.record({
  personId: id,
  everything: fc.boolean(),
  siteIds: fc.uniqueArray(id, { maxLength: 2 }),
  teamIds: fc.uniqueArray(id, { maxLength: 2 }),
});

it('SY7 the condition in SQL and the rule of the domain agree on every ticket and every grant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(keys, { minLength: 1, maxLength: 40 }), grant, async (tickets, mine) => {
      const rows = tickets.map((ticket) => ({ ...ticket, id: v7() }));
      const client = await test.db.pool.connect();
      try {
        await client.query('begin');
        for (const row of rows) {
          await client.query(
            `insert into tickets (desk_id, id, version, kind, status, tier, site_id, team_id, assignee_id, registered_by, registered_at, doc, digest)
             values ($1, $2, 1, 'incident', 'new', 1, $3, $4, $5, $6, $7, '{}', 0)`,
            [deskId, row.id, row.siteId, row.teamId, row.assigneeId, row.registeredBy, row.registeredAt],
          );
        }
        const scope = { grant: mine, closedWindowDays: null, now };
        const found = await client.query<{ id: string }>(
          `select t.id from tickets t where t.desk_id = $1 and ${scopeCondition(scope, 't', 2)} and $6::bigint is null order by t.id`,
          [deskId, ...scopeParams(scope)],
        );
        const expected = rows.filter((row) => inScope(mine, row, now)).map((row) => row.id);
        expect(found.rows.map((row) => row.id)).toEqual(expected.sort());
      } finally {
        await client.query('rollback');
        client.release();
      }
    }),
    { numRuns: 60 },
  );
});
