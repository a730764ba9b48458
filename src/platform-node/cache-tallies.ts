import type Database from 'better-sqlite3';

const columns = ['open', 'status', 'kind', 'tier', 'team', 'senior', 'citizen', 'to_accept'];
const key = [...columns, 'assigned'].join(', ');
const keyOf = (row: string) => [...columns.map((name) => `${row}.${name}`), `${row}.assignee is not null`].join(', ');
const changed = [...columns, 'assignee'].map((name) => `old.${name} is not new.${name}`).join(' or ');
const add = `insert into ticket_tallies (${key}, tickets) values (${keyOf('new')}, 1)
    on conflict do update set tickets = tickets + 1;`;
const take = `update ticket_tallies set tickets = tickets - 1 where (${key}) = (${keyOf('old')});`;

/**
 * How many tickets there are of each combination of what queues are mostly filtered by: some hundreds of rows, kept in step
 * by triggers, so that a total costs no walk over the tickets after every change. Sites and persons have indexes instead.
 * Made once a first fill has its rows, over the index that has them in this order; a cache without it counts tickets.
 */
export function createTallies(db: Database.Database): void {
  db.exec(`
create table ticket_tallies (${[...columns, 'assigned', 'tickets'].map((name) => `${name} integer not null`).join(', ')},
  primary key (${key})) strict, without rowid;
insert into ticket_tallies (${key}, tickets)
  select ${keyOf('t')}, sum(t.tickets)
    from (select ${columns.join(', ')}, assignee, count(*) as tickets from tickets group by ${columns.join(', ')}, assignee) t
    group by ${keyOf('t')};
create trigger ticket_tallies_insert after insert on tickets begin ${add} end;
create trigger ticket_tallies_delete after delete on tickets begin ${take} end;
create trigger ticket_tallies_update after update on tickets when ${changed} begin ${take} ${add} end;`);
}
